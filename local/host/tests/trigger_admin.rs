//! Functions called by hand, through `POST /admin/functions/<name>`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod trigger_rig;

use local_host::triggers::{Delivered, Target, admin};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use trigger_rig::{Answer, Rig, target};

fn function(binding: Value) -> Target {
    let mut binding = binding;
    binding["direction"] = json!("in");
    binding["name"] = json!("it");
    target("F", json!([binding]), None)
}

async fn invoked(rig: &Rig, binding: Value, input: &str) -> Value {
    assert_eq!(
        admin::invoke(&rig.runner, &function(binding), input).await,
        Ok(Delivered::Succeeded(None))
    );
    rig.script.seen().last().unwrap().body.clone()
}

#[tokio::test]
async fn each_trigger_takes_its_own_kind_of_input() {
    let rig = Rig::start().await;
    rig.create_blob_container("inbox").await;
    rig.put_blob("inbox", "a.txt", "hi").await;
    let queue = invoked(&rig, json!({"type": "queueTrigger", "queueName": "q"}), "hello").await;
    assert_eq!(queue["Data"]["it"], json!("\"hello\""));
    assert_eq!(queue["Metadata"]["DequeueCount"], json!("0"));
    let cosmos = json!({"type": "cosmosDBTrigger", "databaseName": "d", "containerName": "c"});
    assert_eq!(
        invoked(&rig, cosmos, "[ {\"id\": \"1\"} ]").await["Data"]["it"],
        json!("\"[{\\\"id\\\":\\\"1\\\"}]\"")
    );
    let event = invoked(&rig, json!({"type": "eventGridTrigger"}), "{\"id\":\"1\"}").await;
    assert_eq!(event["Data"]["it"], json!({"id": "1"}));
    let hub = json!({"type": "eventHubTrigger", "eventHubName": "h", "connection": "C", "cardinality": "many"});
    assert_eq!(invoked(&rig, hub, "{\"t\":21}").await["Data"]["it"], json!("[{\"t\":21}]"));
    let hub = json!({"type": "eventHubTrigger", "eventHubName": "h", "connection": "C"});
    assert_eq!(invoked(&rig, hub, "plain").await["Data"]["it"], json!("\"plain\""));
    let kafka = json!({"type": "kafkaTrigger", "brokerList": "b:9092", "topic": "t", "consumerGroup": "g",
        "cardinality": "many", "dataType": "binary"});
    assert_eq!(invoked(&rig, kafka, "hi").await["Data"]["it"], json!("[\"aGk=\"]"));
    let timer =
        invoked(&rig, json!({"type": "timerTrigger", "schedule": "0 */5 * * * *"}), "anything")
            .await;
    assert_eq!(timer["Data"]["it"]["IsPastDue"], json!(false));
    let blob =
        invoked(&rig, json!({"type": "blobTrigger", "path": "inbox/{name}"}), "inbox/a.txt").await;
    assert_eq!(blob["Data"]["it"], json!("aGk="));
}

#[tokio::test]
async fn inputs_that_do_not_fit_are_named_and_nothing_is_called() {
    let rig = Rig::start().await;
    for (binding, input) in [
        (json!({"type": "cosmosDBTrigger", "databaseName": "d", "containerName": "c"}), "{}"),
        (json!({"type": "eventGridTrigger"}), "hello"),
        (
            json!({"type": "eventHubTrigger", "eventHubName": "h", "connection": "C", "cardinality": "many"}),
            "not json",
        ),
        (json!({"type": "blobTrigger", "path": "inbox/{name}"}), "nothing"),
        (json!({"type": "blobTrigger", "path": "inbox/{name}"}), "inbox/nothing"),
        (json!({"type": "httpTrigger", "route": "x"}), ""),
    ] {
        assert!(
            admin::invoke(&rig.runner, &function(binding.clone()), input).await.is_err(),
            "{binding} {input}"
        );
    }
    assert_eq!(rig.script.calls(), 0);
}

#[tokio::test]
async fn a_failure_is_a_failure() {
    let rig = Rig::start().await;
    rig.script.always(Answer::Status(500));
    let delivered = admin::invoke(
        &rig.runner,
        &function(json!({"type": "queueTrigger", "queueName": "q"})),
        "x",
    )
    .await;
    assert!(matches!(delivered, Ok(Delivered::Failed(_))), "{delivered:?}");
}
