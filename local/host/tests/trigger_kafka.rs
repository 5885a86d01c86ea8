//! The Kafka trigger without a broker: it waits. What it does with one, `checks/kafka` shows.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod trigger_rig;

use std::time::Duration;

use function_json::Trigger;
use local_host::{
    Lifecycle,
    triggers::{Listener, kafka::KafkaListener},
};
use pretty_assertions::assert_eq;
use serde_json::json;
use trigger_rig::{DEADLINE, Rig, target};

fn listener(rig: &Rig, brokers: &str) -> KafkaListener {
    let binding = json!({"type": "kafkaTrigger", "name": "records", "brokerList": brokers, "topic": "account",
        "consumerGroup": "shop", "cardinality": "many", "dataType": "binary"});
    let target = target("OnRecords", json!([binding]), None);
    let Trigger::Kafka(trigger) = target.json.trigger.clone() else { panic!("{target:?}") };
    KafkaListener::new(rig.runner.clone(), target, trigger)
}

#[tokio::test]
async fn who_reaches_no_broker_waits_a_second_and_tries_again() {
    let rig = Rig::start().await;
    for brokers in ["127.0.0.1:1", "broker.invalid:9092", " , "] {
        let mut listener = listener(&rig, brokers);
        let now = rig.now();
        assert_eq!(listener.step(now).await.next, None);
        tokio::time::timeout(DEADLINE, listener.settle()).await.unwrap();
        let again = now + Duration::from_secs(1);
        assert_eq!(listener.step(now).await.next, Some(again), "{brokers}");
        assert_eq!(listener.step(again).await.next, None, "{brokers}");
        tokio::time::timeout(DEADLINE, listener.settle()).await.unwrap();
        assert_eq!(listener.step(again).await.next, Some(again + Duration::from_secs(1)));
    }
    assert_eq!(rig.script.calls(), 0);
}

#[tokio::test]
async fn a_host_that_stops_does_not_wait_for_a_broker() {
    let rig = Rig::start().await;
    // Somebody who accepts and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut listener = listener(&rig, &silent.local_addr().unwrap().to_string());
    listener.step(rig.now()).await;
    let (_connection, _) = silent.accept().await.unwrap();
    rig.state.send(Lifecycle::Stopping).unwrap();
    tokio::time::timeout(Duration::from_secs(5), listener.settle()).await.unwrap();
    assert_eq!(listener.step(rig.now()).await.next, None);
}
