//! Events that come twice, late, or about what is not there change nothing.

use crate::support::{KIM, Scene, TestApp};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn created(profile: &str, photo: &str) -> Value {
    json!({
        "id": "7f1e", "topic": "/storage", "eventType": "Microsoft.Storage.BlobCreated", "dataVersion": "1",
        "eventTime": "2026-03-01T08:00:00Z", "data": {},
        "subject": format!("/blobServices/default/containers/photo-uploads/blobs/{profile}/{photo}"),
    })
}

#[tokio::test]
async fn an_event_that_comes_again_changes_nothing() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::harmless(1).jpeg(), "approved").await;
    let id = photo["id"].as_str().unwrap();
    app.eventually("the announcement to be noted", || async {
        (app.document(id).await.unwrap()["duties"] == json!([])).then_some(())
    })
    .await;
    let before = app.document(id).await.unwrap();
    let asked = app.content_safety().requests();
    for _ in 0..3 {
        app.invoke("uploaded", &created(KIM, id)).await;
        app.invoke("check", &json!({"id": id, "profileId": KIM})).await;
    }
    app.eventually("the events to be dealt with", || async {
        let done = app.host().invocations();
        let late =
            done.iter().filter(|call| ["uploaded", "check"].contains(&call.function.as_str()));
        (late.count() >= 7).then_some(())
    })
    .await;
    assert_eq!(app.document(id).await.unwrap(), before);
    assert_eq!(app.content_safety().requests(), asked);
}

#[tokio::test]
async fn an_event_without_its_blob_or_its_photo_changes_nothing() {
    let app = TestApp::start().await;
    let ticket = app.ticket("image/jpeg", 10).await;
    app.invoke("uploaded", &created(KIM, &ticket.id)).await;
    app.invoke("uploaded", &created(KIM, "01980c6e-2222-7000-8000-00000000000f")).await;
    app.invoke("uploaded", &created("not", "ours")).await;
    assert_eq!(app.photo(&ticket.id).await.expect(200).json()["state"], "awaiting-upload");
}

#[tokio::test]
async fn an_upload_whose_event_was_lost_is_found() {
    let app = TestApp::start_with(&[("AzureWebJobs.uploaded.Disabled", "true")]).await;
    let id = app.upload("image/jpeg", Scene::harmless(1).jpeg()).await;
    assert_eq!(app.photo(&id).await.expect(200).json()["state"], "awaiting-upload");
    app.sweep(&id).await;
    app.wait_for(&id, "approved").await;
}
