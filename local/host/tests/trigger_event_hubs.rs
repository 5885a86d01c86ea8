//! The Event Hubs trigger against the real service: order, checkpoints, ownership, retries.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod trigger_rig;

use std::{sync::Arc, time::Duration};

use function_json::Trigger;
use jiff::Timestamp;
use local_data::Position;
use local_host::{
    Lifecycle,
    triggers::{Listener, Target, event_hubs::EventHubListener},
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use trigger_rig::{Answer, DEADLINE, Rig, gate, retries, step_until, target};

/// Where the key `k1` lies.
const PARTITION: u32 = 0;

fn on_events(more: Value) -> Target {
    let mut binding = json!({"type": "eventHubTrigger", "direction": "in", "name": "events", "eventHubName": "account",
        "connection": "EventHubs", "cardinality": "many", "dataType": "string"});
    let binding_members = binding.as_object_mut().unwrap();
    binding_members.extend(more.as_object().unwrap().clone());
    binding_members.retain(|_, value| !value.is_null());
    target("OnEvents", json!([binding]), None)
}

fn listener(rig: &Rig, target: &Target, owner: &str) -> EventHubListener {
    let Trigger::EventHub(trigger) = &target.json.trigger else { panic!("{target:?}") };
    EventHubListener::new(rig.runner.clone(), target.clone(), trigger.clone(), owner).unwrap()
}

async fn started() -> Rig {
    let rig = Rig::start().await;
    rig.declare_event_hub("account", 4).await;
    rig
}

async fn send(rig: &Rig, texts: &[&str]) {
    for text in texts {
        rig.send_event("account", (*text).to_owned(), Some("k1")).await;
    }
}

/// The bodies that the handler has seen, in order.
fn seen(rig: &Rig) -> Vec<String> {
    let calls = rig.script.seen();
    let bodies = calls.iter().flat_map(|call| {
        let bodies: Vec<String> =
            serde_json::from_str(call.body["Data"]["events"].as_str().unwrap()).unwrap();
        bodies
    });
    bodies.collect()
}

async fn until_seen(listener: &mut EventHubListener, rig: &Rig, count: usize) {
    step_until(listener, || rig.now(), || seen(rig).len() >= count).await;
}

/// Steps that leave the invocation under way.
async fn step_until_called(listener: &mut EventHubListener, rig: &Rig, calls: usize) {
    let steps = async {
        while rig.script.calls() < calls {
            listener.step(rig.now()).await;
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, steps).await.expect("the handler is called");
}

fn checkpoint() -> String {
    format!("127.0.0.1/account/$default/checkpoint/{PARTITION}")
}

fn later(moment: Timestamp, seconds: u64) -> Timestamp {
    moment + Duration::from_secs(seconds)
}

#[tokio::test]
async fn events_arrive_in_their_order_with_what_the_hub_knows_of_them() {
    let rig = started().await;
    send(&rig, &["a", "b", "c"]).await;
    let mut listener = listener(&rig, &on_events(json!({})), "a");
    until_seen(&mut listener, &rig, 3).await;
    assert_eq!(seen(&rig), ["a", "b", "c"]);
    let metadata = rig.script.seen()[0].body["Metadata"].clone();
    assert_eq!(metadata["PartitionContext"]["ConsumerGroup"], json!("$Default"));
    assert_eq!(metadata["PartitionContext"]["IsCheckpointingAfterInvocation"], json!(true));
    let keys: Vec<String> =
        serde_json::from_str(metadata["PartitionKeyArray"].as_str().unwrap()).unwrap();
    assert_eq!(keys[0], "k1");
}

#[tokio::test]
async fn who_reads_what_and_how_far_is_kept_where_the_sdks_keep_it() {
    let rig = started().await;
    send(&rig, &["a", "b"]).await;
    let mut listener = listener(&rig, &on_events(json!({})), "me");
    until_seen(&mut listener, &rig, 2).await;
    listener.settle().await;
    let written = rig.blob_metadata("azure-webjobs-eventhub", &checkpoint()).await.unwrap();
    let event = &rig.events("account", PARTITION, Position::Sequence(1)).await[0];
    assert_eq!(written["sequencenumber"], "1");
    assert_eq!(written["offset"], event.offset.to_string());
    assert_eq!(written["clientidentifier"], "me");
    for partition in 0..4 {
        let name = format!("127.0.0.1/account/$default/ownership/{partition}");
        let owner = rig.blob_metadata("azure-webjobs-eventhub", &name).await.unwrap();
        assert_eq!(owner["ownerid"], "me", "{name}");
    }
    listener.release().await;
    let name = format!("127.0.0.1/account/$default/ownership/{PARTITION}");
    assert_eq!(rig.blob_metadata("azure-webjobs-eventhub", &name).await.unwrap()["ownerid"], "");
}

#[tokio::test]
async fn a_restart_goes_on_behind_the_checkpoint() {
    let rig = started().await;
    send(&rig, &["a", "b"]).await;
    let mut first = listener(&rig, &on_events(json!({})), "a");
    until_seen(&mut first, &rig, 2).await;
    drop(first);
    send(&rig, &["c"]).await;
    let mut second = listener(&rig, &on_events(json!({})), "a");
    until_seen(&mut second, &rig, 3).await;
    assert_eq!(seen(&rig), ["a", "b", "c"]);
}

#[tokio::test]
async fn what_comes_while_somebody_waits_is_delivered() {
    let rig = started().await;
    let mut listener = listener(&rig, &on_events(json!({})), "a");
    listener.step(rig.now()).await;
    assert_eq!(listener.partitions(), ["0", "1", "2", "3"]);
    send(&rig, &["now"]).await;
    tokio::time::timeout(DEADLINE, listener.woken()).await.expect("it is woken by the event");
    until_seen(&mut listener, &rig, 1).await;
    assert_eq!(seen(&rig), ["now"]);
}

#[tokio::test]
async fn one_event_at_a_time_is_one_invocation_and_one_checkpoint_each() {
    let rig = started().await;
    send(&rig, &["a", "b"]).await;
    let gate = gate();
    rig.script.then(Answer::Reply(json!({})));
    rig.script.then(Answer::Behind(Arc::clone(&gate), Box::new(Answer::Reply(json!({})))));
    let target = on_events(json!({"cardinality": "one"}));
    let mut listener = listener(&rig, &target, "a");
    step_until_called(&mut listener, &rig, 2).await;
    let written = rig.blob_metadata("azure-webjobs-eventhub", &checkpoint()).await.unwrap();
    assert_eq!(written["sequencenumber"], "0", "the first is done, the second is not");
    gate.add_permits(1);
    listener.settle().await;
    let texts: Vec<String> = rig.script.seen().iter().map(|seen| seen.text("events")).collect();
    assert_eq!(texts, ["a", "b"]);
}

#[tokio::test]
async fn a_failed_batch_without_a_retry_policy_is_lost() {
    let rig = started().await;
    send(&rig, &["a"]).await;
    rig.script.then(Answer::Status(500));
    let mut first = listener(&rig, &on_events(json!({})), "a");
    until_seen(&mut first, &rig, 1).await;
    drop(first);
    send(&rig, &["b"]).await;
    let mut second = listener(&rig, &on_events(json!({})), "a");
    until_seen(&mut second, &rig, 2).await;
    assert_eq!(seen(&rig), ["a", "b"], "the checkpoint moved in spite of the failure");
}

#[tokio::test]
async fn a_retry_policy_holds_the_checkpoint_and_what_comes_behind() {
    let rig = started().await;
    send(&rig, &["a"]).await;
    for _ in 0..5 {
        rig.script.then(Answer::Status(500));
    }
    let mut target = on_events(json!({}));
    target.retry = retries(-1);
    let mut listener = listener(&rig, &target, "a");
    step_until_called(&mut listener, &rig, 1).await;
    send(&rig, &["b"]).await;
    until_seen(&mut listener, &rig, 7).await;
    assert_eq!(seen(&rig), ["a", "a", "a", "a", "a", "a", "b"]);
    assert_eq!(rig.script.seen()[5].body["Metadata"]["RetryContext"]["RetryCount"], json!(5));
}

#[tokio::test]
async fn a_body_that_is_no_json_loses_its_batch_before_the_handler_is_called() {
    let rig = started().await;
    send(&rig, &["no json"]).await;
    let mut listener = listener(&rig, &on_events(json!({"dataType": null})), "a");
    let done = async {
        while rig.blob_metadata("azure-webjobs-eventhub", &checkpoint()).await.is_none() {
            listener.step(rig.now()).await;
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, done).await.expect("the checkpoint moves on");
    assert_eq!(rig.script.calls(), 0);
}

#[tokio::test]
async fn a_host_that_stops_while_retrying_moves_no_checkpoint() {
    let rig = started().await;
    send(&rig, &["a"]).await;
    let gate = gate();
    rig.script.then(Answer::Behind(Arc::clone(&gate), Box::new(Answer::Break)));
    let mut first = listener(&rig, &on_events(json!({})), "a");
    step_until_called(&mut first, &rig, 1).await;
    rig.state.send_replace(Lifecycle::Stopping);
    gate.add_permits(1);
    first.settle().await;
    first.release().await;
    rig.state.send_replace(Lifecycle::Running);
    let mut second = listener(&rig, &on_events(json!({})), "b");
    until_seen(&mut second, &rig, 2).await;
    assert_eq!(seen(&rig), ["a", "a"]);
}

#[tokio::test]
async fn a_host_that_dies_before_the_checkpoint_sees_the_events_again() {
    let rig = started().await;
    send(&rig, &["a", "b"]).await;
    rig.script.then(Answer::Behind(gate(), Box::new(Answer::Reply(json!({})))));
    let mut first = listener(&rig, &on_events(json!({})), "a");
    step_until_called(&mut first, &rig, 1).await;
    let before = seen(&rig);
    drop(first);
    let mut second = listener(&rig, &on_events(json!({})), "a");
    until_seen(&mut second, &rig, before.len() + 2).await;
    assert_eq!(&seen(&rig)[before.len()..][..2], ["a", "b"]);
}

#[tokio::test]
async fn an_acknowledgement_that_is_lost_brings_the_events_again() {
    let rig = started().await;
    send(&rig, &["a"]).await;
    rig.runner.faults.duplicate_next(1);
    let mut listener = listener(&rig, &on_events(json!({})), "a");
    until_seen(&mut listener, &rig, 2).await;
    assert_eq!(seen(&rig), ["a", "a"]);
}

#[tokio::test]
async fn two_instances_share_the_partitions_and_the_dead_ones_are_taken_over() {
    let mut rig = started().await;
    rig.runner.event_hubs.load_balancing_interval = Duration::from_secs(1);
    let target = on_events(json!({}));
    let (mut first, mut second) = (listener(&rig, &target, "a"), listener(&rig, &target, "b"));
    let now = rig.now();
    first.step(now).await;
    assert_eq!(first.partitions().len(), 4);
    // One at a time, each time after the interval in which shares are looked at.
    for round in 1..=3 {
        second.step(later(now, 2 * round)).await;
        first.step(later(now, 2 * round)).await;
    }
    assert_eq!((first.partitions().len(), second.partitions().len()), (2, 2));
    drop(second);
    first.step(later(now, 8)).await;
    assert_eq!(first.partitions().len(), 2, "whoever was there a moment ago may be there still");
    first.step(later(rig.now(), 600)).await;
    assert_eq!(first.partitions().len(), 4);
}

#[tokio::test]
async fn a_group_that_starts_at_the_end_sees_only_what_is_new() {
    let mut rig = started().await;
    send(&rig, &["old"]).await;
    rig.runner.event_hubs.initial = Position::End;
    let mut listener = listener(&rig, &on_events(json!({})), "a");
    listener.step(rig.now()).await;
    tokio::task::yield_now().await;
    // The read that waits has begun behind what was there: it is woken by the next event.
    let woken = async {
        loop {
            send(&rig, &["new"]).await;
            if tokio::time::timeout(Duration::from_millis(200), listener.woken()).await.is_ok() {
                break;
            }
        }
    };
    tokio::time::timeout(DEADLINE, woken).await.expect("an event comes");
    until_seen(&mut listener, &rig, 1).await;
    assert_eq!(seen(&rig)[0], "new");
}

#[tokio::test]
async fn a_hub_that_is_not_there_is_told_and_waited_for() {
    let rig = Rig::start().await;
    let mut listener = listener(&rig, &on_events(json!({})), "a");
    let now = rig.now();
    listener.step(now).await;
    assert_eq!(listener.partitions(), Vec::<String>::new());
    rig.declare_event_hub("account", 1).await;
    listener.step(later(now, 2)).await;
    assert_eq!(listener.partitions(), ["0"]);
}
