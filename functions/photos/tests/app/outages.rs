//! Content Safety does not answer: photos wait, then people look. Nothing is approved unseen.

use crate::support::{Scene, TestApp};
use content_safety::{Down, Faults, Wrong};
use pretty_assertions::assert_eq;

fn down() -> Faults {
    Faults { down: Some(Down::ServerBusy), ..Faults::default() }
}

#[tokio::test]
async fn a_photo_waits_for_content_safety_and_is_decided_when_it_is_back() {
    let app = TestApp::start().await;
    app.content_safety().set_faults(down()).unwrap();
    let id = app.upload("image/jpeg", Scene::harmless(1).jpeg()).await;
    app.eventually("a run to end without an answer", || async {
        let document = app.document(&id).await.unwrap();
        (document["checking"]["attempts"] == 1 && document["checking"]["leasedUntil"].is_null())
            .then_some(())
    })
    .await;
    app.expect_hidden(&id).await;
    app.content_safety().clear_faults();
    app.wait_for(&id, "approved").await;
}

#[tokio::test]
async fn a_photo_that_waited_too_long_goes_to_a_person() {
    let app = TestApp::start_with(&[("MAX_CHECKING", "PT4S")]).await;
    app.content_safety().set_faults(down()).unwrap();
    let photo = app.uploaded_until(Scene::harmless(1).jpeg(), "review").await;
    assert_eq!(photo["reason"], "not-checked");
    let id = photo["id"].as_str().unwrap();
    app.expect_hidden(id).await;
    app.eventually("its case", || app.document_in("cases", id, id)).await;
    assert_eq!(
        app.blobs(id).await.iter().filter(|blob| blob.starts_with("photo-quarantine")).count(),
        3
    );
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_approves_nothing() {
    let app = TestApp::start_with(&[("MAX_CHECKING", "PT2S")]).await;
    let wrong = Faults { wrong: Some(Wrong::MissingCategory), ..Faults::default() };
    app.content_safety().set_faults(wrong).unwrap();
    let photo = app.uploaded_until(Scene::harmless(1).jpeg(), "review").await;
    assert_eq!(photo["reason"], "not-checked");
}
