//! Asking a person to look again.

use crate::support::{MONA, Scene, TestApp};
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test]
async fn a_rejected_photo_can_be_appealed_once() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::terrible(1).jpeg(), "rejected").await;
    let id = photo["id"].as_str().unwrap();
    let appealed = app.appeal(id).await.expect(202).json();
    assert_eq!(
        (&appealed["state"], &appealed["reason"]),
        (&json!("review"), &json!("content-violence"))
    );
    let case = format!("{id}-appeal");
    app.eventually("the case of the appeal", || app.document_in("cases", &case, &case)).await;
    app.expect_hidden(id).await;
    // Sent again before anybody decided, it is the same appeal.
    assert_eq!(app.appeal(id).await.expect(202).json(), appealed);
    app.take_and_decide(MONA, &case, &json!({"verdict": "reject", "reason": "violence"})).await;
    app.appeal(id).await.refused(409, "not-appealable", &[]);
}

#[tokio::test]
async fn only_a_rejection_can_be_appealed() {
    let app = TestApp::start().await;
    let ticket = app.ticket("image/jpeg", 10).await;
    app.appeal(&ticket.id).await.refused(409, "not-appealable", &[]);
    let photo = app.uploaded_until(Scene::harmless(1).jpeg(), "approved").await;
    app.appeal(photo["id"].as_str().unwrap()).await.refused(409, "not-appealable", &[]);
}
