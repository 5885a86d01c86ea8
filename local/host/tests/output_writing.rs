//! Outputs and inputs through the real protocols.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod trigger_rig;

use local_data::Position;
use local_host::triggers::{Delivered, Target, admin};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use trigger_rig::{Answer, Rig, target};

/// A queue function with these bindings besides.
fn function(more: &[Value]) -> Target {
    let mut bindings =
        vec![json!({"type": "queueTrigger", "direction": "in", "name": "msg", "queueName": "in"})];
    bindings.extend(more.iter().cloned());
    target("F", Value::Array(bindings), None)
}

async fn replied(rig: &Rig, target: &Target, message: &str, reply: Value) -> Delivered {
    rig.script.then(Answer::Reply(reply));
    admin::invoke(&rig.runner, target, message).await.unwrap()
}

const DONE: Delivered = Delivered::Succeeded(None);

#[tokio::test]
async fn messages_are_base64_on_the_wire_and_their_queue_is_created() {
    let rig = Rig::start().await;
    let target = function(&[
        json!({"type": "queue", "direction": "out", "name": "out", "queueName": "Made-{kind}"}),
    ]);
    let reply = json!({"Outputs": {"out": ["test", {"n": 1}]}, "Logs": ["line"]});
    assert_eq!(replied(&rig, &target, "{\"kind\":\"New\"}", reply).await, DONE);
    assert_eq!(rig.visible("made-new").await, Rig::encoded(&["test", "{\n  \"n\": 1\n}"]));
    assert_eq!(rig.script.logs(), ["line"]);
}

#[tokio::test]
async fn events_go_to_a_hub_that_must_be_there_and_a_batch_stays_together() {
    let rig = Rig::start().await;
    let target = function(&[
        json!({"type": "eventHub", "direction": "out", "name": "out", "eventHubName": "fact", "connection": "EventHubs"}),
    ]);
    let reply = json!({"Outputs": {"out": ["one", {"n": 1}]}});
    let failed = replied(&rig, &target, "go", reply.clone()).await;
    assert!(matches!(&failed, Delivered::Failed(reason) if reason.contains("fact")), "{failed:?}");
    rig.declare_event_hub("fact", 2).await;
    assert_eq!(replied(&rig, &target, "go", reply).await, DONE);
    // Not text, so it goes alone, to the next partition.
    assert_eq!(replied(&rig, &target, "go", json!({"Outputs": {"out": "/w=="}})).await, DONE);
    let mut bodies = Vec::new();
    for partition in 0..2 {
        let events = rig.events("fact", partition, Position::Start).await;
        bodies.push(events.iter().map(|event| event.body.to_vec()).collect::<Vec<_>>());
    }
    assert_eq!(bodies[0], [b"one".to_vec(), b"{\n  \"n\": 1\n}".to_vec()]);
    assert_eq!(bodies[1], [vec![0xff]]);
}

#[tokio::test]
async fn documents_are_upserted() {
    let rig = Rig::start().await;
    rig.create_cosmos_container("db", "items").await;
    let output = json!({"type": "cosmosDB", "direction": "out", "name": "doc", "databaseName": "db", "containerName": "items"});
    let target = function(&[output]);
    for revision in [1, 2] {
        let reply = json!({"Outputs": {"doc": [{"id": "a", "revision": revision}, {"id": "b"}]}});
        assert_eq!(replied(&rig, &target, "go", reply).await, DONE);
        assert_eq!(rig.document("db", "items", "a").await.unwrap()["revision"], json!(revision));
    }
    assert_eq!(rig.documents("db", "items").await.len(), 2);
}

#[tokio::test]
async fn a_missing_container_fails_unless_it_may_be_created() {
    let rig = Rig::start().await;
    let output = |create: bool| {
        json!({"type": "cosmosDB", "direction": "out", "name": "doc", "databaseName": "new", "containerName": "items",
            "createIfNotExists": create, "partitionKey": "/id"})
    };
    let reply = json!({"Outputs": {"doc": {"id": "a"}}});
    let failed = replied(&rig, &function(&[output(false)]), "go", reply.clone()).await;
    assert!(matches!(failed, Delivered::Failed(_)), "{failed:?}");
    assert_eq!(rig.script.failures().len(), 1);
    assert_eq!(replied(&rig, &function(&[output(true)]), "go", reply).await, DONE);
    assert!(rig.document("new", "items", "a").await.is_some());
}

#[tokio::test]
async fn a_blob_is_overwritten_at_the_path_that_the_message_gives() {
    let rig = Rig::start().await;
    let target = function(&[
        json!({"type": "blob", "direction": "out", "name": "copy", "path": "out/{folder}/{sys.methodname}.txt"}),
    ]);
    for (content, kept) in [
        (json!("aGk="), "hi"),
        (json!({"a": [1, 2]}), "{\"a\":[1,2]}"),
        (json!("[1, 2]"), "[1, 2]"),
    ] {
        assert_eq!(
            replied(&rig, &target, "{\"folder\":\"d e\"}", json!({"Outputs": {"copy": content}}))
                .await,
            DONE
        );
        assert_eq!(rig.get_blob("out", "d e/F.txt").await.as_deref(), Some(kept));
    }
    let failed = replied(&rig, &target, "{}", json!({"Outputs": {"copy": "x!"}})).await;
    assert!(matches!(failed, Delivered::Failed(reason) if reason.contains("folder")));
}

#[tokio::test]
async fn one_output_that_fails_fails_the_invocation_and_leaves_the_others_written() {
    let rig = Rig::start().await;
    let target = function(&[
        json!({"type": "cosmosDB", "direction": "out", "name": "doc", "databaseName": "db", "containerName": "items"}),
        json!({"type": "queue", "direction": "out", "name": "out", "queueName": "others"}),
    ]);
    let failed = replied(
        &rig,
        &target,
        "go",
        json!({"Outputs": {"doc": "eyJpZCI6IjEifQ==", "out": "b25l"}}),
    )
    .await;
    assert!(matches!(failed, Delivered::Failed(reason) if reason.contains("never base64")));
    assert_eq!(rig.visible("others").await, Rig::encoded(&["one"]));
}

#[tokio::test]
async fn nothing_is_written_when_the_handler_fails() {
    let rig = Rig::start().await;
    let target = function(&[
        json!({"type": "queue", "direction": "out", "name": "out", "queueName": "others"}),
    ]);
    rig.script.then(Answer::Status(500));
    let delivered = admin::invoke(&rig.runner, &target, "go").await.unwrap();
    assert_eq!(delivered, Delivered::Failed("the handler answered 500".into()));
    assert_eq!(rig.count("others").await, None);
}

#[tokio::test]
async fn a_date_is_kept_and_warned_of() {
    let rig = Rig::start().await;
    let target = function(&[
        json!({"type": "queue", "direction": "out", "name": "out", "queueName": "others"}),
    ]);
    replied(&rig, &target, "go", json!({"Outputs": {"out": "2026-01-02T03:04:05Z"}})).await;
    assert_eq!(rig.visible("others").await, Rig::encoded(&["2026-01-02T03:04:05Z"]));
    assert!(
        rig.script.logs()[0]
            .starts_with("warning: output `out` holds a text that looks like a date")
    );
}

#[tokio::test]
async fn inputs_are_read_before_the_handler_is_called() {
    let rig = Rig::start().await;
    rig.create_blob_container("inbox").await;
    rig.put_blob("inbox", "a.txt", "hi").await;
    rig.create_cosmos_container("db", "items").await;
    rig.put_document("db", "items", json!({"id": "a", "n": 1})).await;
    let blob = |name: &str, path: &str, data_type: &str| json!({"type": "blob", "direction": "in", "name": name, "path": path, "dataType": data_type});
    let cosmos = |name: &str, more: Value| {
        let mut binding = json!({"type": "cosmosDB", "direction": "in", "name": name, "databaseName": "db", "containerName": "items"});
        binding.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        binding
    };
    let target = function(&[
        blob("text", "inbox/{file}", "string"),
        blob("bytes", "inbox/{file}", "binary"),
        blob("missing", "inbox/none", "string"),
        cosmos("one", json!({"id": "{key}", "partitionKey": "{key}"})),
        cosmos("none", json!({"id": "none", "partitionKey": "none"})),
        cosmos("found", json!({"sqlQuery": "SELECT c.id, c.n FROM c WHERE c.id = {key}"})),
    ]);
    assert_eq!(replied(&rig, &target, "{\"file\":\"a.txt\",\"key\":\"a\"}", json!({})).await, DONE);
    let data = rig.script.seen()[0].body["Data"].clone();
    assert_eq!(
        (&data["text"], &data["bytes"], &data["missing"]),
        (&json!("\"hi\""), &json!("aGk="), &json!("null"))
    );
    assert_eq!(data["one"]["n"], json!(1));
    assert_eq!(data["none"], json!("null"));
    assert_eq!(data["found"], json!("[{\"id\":\"a\",\"n\":1}]"));
}

#[tokio::test]
async fn an_input_that_cannot_be_read_fails_before_the_handler_is_called() {
    let rig = Rig::start().await;
    let target = function(&[
        json!({"type": "blob", "direction": "in", "name": "text", "path": "inbox/{file}"}),
    ]);
    let delivered = admin::invoke(&rig.runner, &target, "no file").await.unwrap();
    assert!(
        matches!(delivered, Delivered::Failed(reason) if reason.contains("`text`") && reason.contains("{file}"))
    );
    assert_eq!(rig.script.calls(), 0);
}
