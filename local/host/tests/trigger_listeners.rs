//! All listeners of an app at once, in their loops, as the host runs them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod trigger_rig;

use std::sync::Arc;

use local_host::{
    Lifecycle,
    triggers::{
        AppTriggers, Listeners, Surroundings, Target,
        event_grid::{Published, Subscription},
    },
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use trigger_rig::{Answer, DEADLINE, Rig, gate, target};

fn function(name: &str, binding: &Value) -> Target {
    let mut binding = binding.clone();
    binding["direction"] = json!("in");
    binding["name"] = json!("it");
    target(name, json!([binding]), None)
}

fn listen(rig: &Rig, targets: Vec<Target>, subscriptions: Vec<Subscription>) -> Listeners {
    let surroundings = Surroundings {
        events: Some(rig.data.blob_events()),
        captures: Some(rig.data.capture_events()),
        topics: Published::default(),
        log: rig.runner.log.clone(),
        faults: Arc::clone(&rig.runner.faults),
        state: rig.runner.state.clone(),
    };
    let app = AppTriggers { runner: rig.runner.clone(), targets, subscriptions };
    Listeners::start(&[app], &surroundings)
}

#[tokio::test]
async fn every_kind_of_trigger_starts_its_function() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    rig.create_blob_container("inbox").await;
    rig.create_cosmos_container("db", "items").await;
    let feed = json!({"type": "cosmosDBTrigger", "databaseName": "db", "containerName": "items", "startFromBeginning": true,
        "createLeaseContainerIfNotExists": true, "feedPollDelay": 50});
    let targets = vec![
        function("ByQueue", &json!({"type": "queueTrigger", "queueName": "orders"})),
        function("ByChange", &feed),
        function("ByTimer", &json!({"type": "timerTrigger", "schedule": "* * * * * *"})),
        function("ByEvent", &json!({"type": "eventGridTrigger"})),
        function("ByScan", &json!({"type": "blobTrigger", "path": "inbox/{name}"})),
        function(
            "ByBlobEvent",
            &json!({"type": "blobTrigger", "path": "inbox/{name}", "source": "EventGrid"}),
        ),
    ];
    let subscriptions = vec![
        Subscription::blob_created("ByEvent", "inbox"),
        Subscription::blob_created("ByBlobEvent", "inbox"),
    ];
    let listeners = listen(&rig, targets, subscriptions);
    rig.send_message("orders", "hello").await;
    rig.put_document("db", "items", json!({"id": "1"})).await;
    rig.put_blob("inbox", "a.txt", "hi").await;
    assert_eq!(rig.script.called("ByQueue", 1).await[0].text("it"), "hello");
    assert_eq!(rig.script.called("ByChange", 1).await[0].json("it")[0]["id"], json!("1"));
    assert_eq!(
        rig.script.called("ByEvent", 1).await[0].body["Data"]["it"]["data"]["api"],
        json!("PutBlob")
    );
    for function in ["ByScan", "ByBlobEvent"] {
        let seen = rig.script.called(function, 1).await;
        assert_eq!(seen[0].body["Data"]["it"], json!("aGk="));
        assert_eq!(seen[0].body["Metadata"]["name"], json!("\"a.txt\""));
    }
    rig.script.called("ByTimer", 2).await;
    rig.state.send_replace(Lifecycle::Stopping);
    listeners.stop().await;
    assert_eq!(rig.data.blob_events().waiting(), 0);
}

#[tokio::test]
async fn a_blob_event_without_a_subscription_calls_nobody() {
    let rig = Rig::start().await;
    rig.create_blob_container("inbox").await;
    rig.create_queue("orders").await;
    let targets = vec![
        function(
            "ByBlobEvent",
            &json!({"type": "blobTrigger", "path": "inbox/{name}", "source": "EventGrid"}),
        ),
        function("ByEvent", &json!({"type": "eventGridTrigger"})),
        function("ByQueue", &json!({"type": "queueTrigger", "queueName": "orders"})),
    ];
    let _listeners = listen(&rig, targets, Vec::new());
    rig.put_blob("inbox", "a.txt", "hi").await;
    let settled = async {
        while rig.data.blob_events().waiting() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, settled).await.expect("the event is dropped");
    rig.send_message("orders", "after it").await;
    rig.script.called("ByQueue", 1).await;
    assert_eq!(rig.script.calls(), 1);
}

#[tokio::test]
async fn a_host_that_stops_in_the_middle_leaves_everything_for_the_next() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    rig.create_cosmos_container("db", "items").await;
    let feed = json!({"type": "cosmosDBTrigger", "databaseName": "db", "containerName": "items", "startFromBeginning": true,
        "createLeaseContainerIfNotExists": true});
    let targets = vec![
        function("ByQueue", &json!({"type": "queueTrigger", "queueName": "orders"})),
        function("ByChange", &feed),
    ];
    rig.send_message("orders", "hello").await;
    rig.put_document("db", "items", json!({"id": "1"})).await;
    let gate = gate();
    rig.script.always(Answer::Behind(Arc::clone(&gate), Box::new(Answer::Break)));
    let listeners = listen(&rig, targets.clone(), Vec::new());
    rig.script.called("ByQueue", 1).await;
    rig.script.called("ByChange", 1).await;
    rig.state.send_replace(Lifecycle::Stopping);
    gate.add_permits(2);
    tokio::time::timeout(DEADLINE, listeners.stop()).await.expect("it stops");
    assert_eq!(rig.visible("orders").await, Rig::encoded(&["hello"]));
    rig.script.always(Answer::Reply(json!({})));
    rig.state.send_replace(Lifecycle::Running);
    let _listeners = listen(&rig, targets, Vec::new());
    rig.script.called("ByQueue", 2).await;
    assert_eq!(rig.script.called("ByChange", 2).await[1].json("it")[0]["id"], json!("1"));
}
