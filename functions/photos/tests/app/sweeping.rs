//! What a crash or forgetfulness leaves, the sweep finds.

use crate::support::{Scene, TestApp};
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test]
async fn a_ticket_that_is_not_used_expires() {
    let app = TestApp::start().await;
    let ticket = app.ticket("image/jpeg", 10).await;
    app.sweep(&ticket.id).await;
    app.wait_for(&ticket.id, "expired").await;
    app.put(&ticket.id, "image/jpeg", vec![0; 10]).await.refused(409, "upload-not-expected", &[]);
}

#[tokio::test]
async fn an_expired_ticket_takes_no_upload_through_the_api() {
    let app = TestApp::start().await;
    let ticket = app.ticket("image/jpeg", 10).await;
    let mut document = app.document(&ticket.id).await.unwrap();
    document["ticket"]["expiresAt"] = json!("2026-03-01T08:00:00Z");
    app.change_document(&ticket.id, &json!({"ticket": document["ticket"]})).await;
    app.put(&ticket.id, "image/jpeg", vec![0; 10]).await.refused(409, "upload-not-expected", &[]);
}

#[tokio::test]
async fn what_a_crash_left_undone_is_done() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::doubtful(1).jpeg(), "review").await;
    let id = photo["id"].as_str().unwrap();
    app.eventually("its case", || app.document_in("cases", id, id)).await;
    app.eventually("the duties to be done", || async {
        (app.document(id).await.unwrap()["duties"] == json!([])).then_some(())
    })
    .await;
    // As if the run had been killed between the state and what follows from it.
    app.change_document(id, &json!({"duties": ["open-case", "announce"]})).await;
    app.sweep(id).await;
    app.eventually("the duties to be done again", || async {
        (app.document(id).await.unwrap()["duties"] == json!([])).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_photo_whose_run_was_killed_is_checked_again() {
    let app = TestApp::start_with(&[("AzureWebJobs.uploaded.Disabled", "true")]).await;
    let id = app.upload("image/jpeg", Scene::harmless(1).jpeg()).await;
    let killed = json!({
        "since": jiff::Timestamp::now().to_string(), "attempts": 1, "leasedUntil": "2026-03-01T08:00:00Z",
    });
    app.change_document(&id, &json!({"state": "checking", "checking": killed})).await;
    app.sweep(&id).await;
    app.wait_for(&id, "approved").await;
}

#[tokio::test]
async fn a_picture_that_was_rejected_long_ago_goes() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::terrible(1).jpeg(), "rejected").await;
    let id = photo["id"].as_str().unwrap();
    app.eventually("the duties to be done", || async {
        (app.document(id).await.unwrap()["duties"] == json!([])).then_some(())
    })
    .await;
    assert_eq!(
        app.blobs(id).await.iter().filter(|blob| blob.starts_with("photo-quarantine")).count(),
        3
    );
    app.change_document(id, &json!({"updatedAt": "2020-03-01T08:00:00Z"})).await;
    app.sweep(id).await;
    app.eventually("its picture to be gone", || async {
        app.blobs(id).await.is_empty().then_some(())
    })
    .await;
    app.eventually("the document to say so", || async {
        app.document(id).await.unwrap()["picture"].is_null().then_some(())
    })
    .await;
    app.appeal(id).await.refused(409, "not-appealable", &[]);
}
