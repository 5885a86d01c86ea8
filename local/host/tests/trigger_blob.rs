//! The blob trigger: from the webhook through the host's own queue to the function.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod trigger_rig;

use http::{HeaderMap, Method};
use local_host::triggers::{
    Target,
    blob::{self, BlobFunctions, blob_queue_options},
    event_grid::{WebhookReply, WebhookRequest},
    queue::{QueueListener, QueueOptions},
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use trigger_rig::{Answer, Rig, step_through, step_until, target};

const QUEUE: &str = "azure-webjobs-blobtrigger-shop";

fn on_blob() -> Target {
    let binding = json!({"type": "blobTrigger", "direction": "in", "name": "blob", "path": "inbox/{name}", "source": "EventGrid"});
    target("OnBlob", json!([binding]), None)
}

fn listener(rig: &Rig) -> QueueListener {
    let source = BlobFunctions::source("shop", "AzureWebJobsStorage");
    let functions = BlobFunctions { runner: rig.runner.clone(), targets: vec![on_blob()] };
    let options = blob_queue_options(&QueueOptions::default(), 2);
    QueueListener::new(rig.runner.clone(), source, options, Box::new(functions)).unwrap()
}

async fn notify(rig: &Rig, function: &str, blob: &str) -> WebhookReply {
    let url = format!("{}/inbox/{blob}", rig.data.blob_url());
    let events = json!([{"id": "1", "data": {"api": "PutBlob", "blobType": "BlockBlob", "eTag": "0x1", "url": url}}]);
    let mut headers = HeaderMap::new();
    headers.insert("aeg-event-type", "Notification".parse().unwrap());
    let query = format!("functionName=Host.Functions.{function}&code=KEY");
    let body = events.to_string();
    let request = WebhookRequest {
        method: &Method::POST,
        query: &query,
        headers: &headers,
        body: body.as_bytes(),
    };
    blob::webhook(&rig.runner, &[on_blob()], request).await
}

#[tokio::test]
async fn g9_the_webhook_answers_before_the_function_runs_with_the_blobs_content() {
    let rig = Rig::start().await;
    rig.create_blob_container("inbox").await;
    rig.put_blob("inbox", "a.txt", "hi").await;
    assert_eq!(notify(&rig, "OnBlob", "a.txt").await.status, 202);
    assert_eq!((rig.script.calls(), rig.count(QUEUE).await), (0, Some(1)));
    step_through(&mut listener(&rig), rig.now()).await;
    let body = rig.script.seen()[0].body.clone();
    assert_eq!(body["Data"], json!({"blob": "aGk="}));
    let metadata = &body["Metadata"];
    assert_eq!(metadata["Uri"], json!(format!("\"{}/inbox/a.txt\"", rig.data.blob_url())));
    assert_eq!(metadata["name"], json!("\"a.txt\""));
    assert_eq!(metadata["Metadata"], json!({"from": "test"}));
    assert_eq!(
        (&metadata["Properties"]["ContentLength"], &metadata["Properties"]["ContentType"]),
        (&json!(2), &json!("text/plain"))
    );
    assert_eq!(metadata.get("BlobTrigger"), None);
    assert_eq!(rig.count(QUEUE).await, Some(0));
}

#[tokio::test]
async fn a_blob_that_is_gone_is_dropped_and_one_that_changed_is_read_as_it_is() {
    let rig = Rig::start().await;
    rig.create_blob_container("inbox").await;
    rig.put_blob("inbox", "a.txt", "newer").await;
    notify(&rig, "OnBlob", "a.txt").await;
    notify(&rig, "OnBlob", "gone.txt").await;
    step_through(&mut listener(&rig), rig.now()).await;
    assert_eq!(rig.script.calls(), 1);
    assert_eq!(rig.script.seen()[0].body["Data"], json!({"blob": "bmV3ZXI="}));
    assert_eq!(rig.count(QUEUE).await, Some(0));
}

#[tokio::test]
async fn an_unknown_function_is_no_error() {
    let rig = Rig::start().await;
    assert_eq!(notify(&rig, "Other", "a.txt").await.status, 202);
    assert_eq!(rig.count(QUEUE).await, None);
}

#[tokio::test]
async fn a_blob_that_always_fails_goes_to_the_poison_queue_as_a_pointer() {
    let rig = Rig::start().await;
    rig.create_blob_container("inbox").await;
    rig.put_blob("inbox", "a.txt", "hi").await;
    notify(&rig, "OnBlob", "a.txt").await;
    rig.script.always(Answer::Status(500));
    let mut listener = listener(&rig);
    step_until(&mut listener, || rig.now(), || rig.script.calls() == 5).await;
    let poison = rig.visible("webjobs-blobtrigger-poison").await;
    let pointer =
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &poison[0]).unwrap();
    let pointer: Value = serde_json::from_slice(&pointer).unwrap();
    let expected = json!({"Type": "BlobTrigger", "FunctionId": "Host.Functions.OnBlob", "BlobType": "Block",
        "ContainerName": "inbox", "BlobName": "a.txt", "ETag": "0x1"});
    assert_eq!(pointer, expected);
}
