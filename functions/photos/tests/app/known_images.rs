//! What is remembered of a rejected picture, and what is not.

use crate::support::{MATEO, MONA, Scene, TestApp, animated};
use app_tests::{Fault, Gate, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::json;

/// The reason of the photo that this file becomes.
async fn reason(app: &TestApp, jpeg: Vec<u8>) -> Option<String> {
    let id = app.upload("image/jpeg", jpeg).await;
    app.eventually("the photo to be decided", || async {
        let photo = app.photo(&id).await.expect(200).json();
        let decided = ["approved", "review", "rejected"].contains(&photo["state"].as_str()?);
        decided.then(|| photo["reason"].as_str().map(str::to_owned))
    })
    .await
}

async fn rejected(app: &TestApp, gif: Vec<u8>) -> String {
    let id = app.upload("image/gif", gif).await;
    app.wait_for(&id, "rejected").await;
    app.settled(&id).await;
    id
}

#[tokio::test]
async fn a_harmless_frame_does_not_become_forbidden_because_of_its_neighbours() {
    let app = TestApp::start().await;
    let (harmless, terrible) = (Scene::harmless(1), Scene::terrible(2));
    for frames in [[harmless, terrible], [terrible, harmless]] {
        rejected(&app, animated(&frames)).await;
        assert_eq!(reason(&app, harmless.jpeg()).await, None);
        assert_eq!(reason(&app, terrible.jpeg()).await.as_deref(), Some("known-image"));
    }
}

#[tokio::test]
async fn what_a_moderator_rejects_is_the_frame_that_was_seen() {
    let app = TestApp::start().await;
    let (seen, beside) = (Scene::doubtful(3), Scene::doubtful(4));
    let id = app.upload("image/gif", animated(&[seen, beside])).await;
    app.wait_for(&id, "review").await;
    app.settled(&id).await;
    let decision = json!({"verdict": "reject", "reason": "violence"});
    app.take_and_decide(MONA, &id, &decision).await;
    app.wait_for(&id, "rejected").await;
    app.settled(&id).await;
    assert_eq!(reason(&app, seen.jpeg()).await.as_deref(), Some("known-image"));
    assert_eq!(reason(&app, beside.jpeg()).await.as_deref(), Some("content-violence"));
}

#[tokio::test]
async fn an_approval_on_appeal_lifts_what_the_picture_was_taken_for() {
    let app = TestApp::start().await;
    let scene = Scene::doubtful(5);
    let first = app.in_review(5).await;
    let decision = json!({"verdict": "reject", "reason": "other"});
    app.take_and_decide(MONA, &first, &decision).await;
    app.wait_for(&first, "rejected").await;
    app.settled(&first).await;
    let victim = app.upload("image/png", scene.encoded(image::ImageFormat::Png)).await;
    assert_eq!(app.wait_for(&victim, "rejected").await["reason"], "known-image");
    app.appeal(&victim).await.expect(202);
    app.settled(&victim).await;
    let case = format!("{victim}-appeal");
    app.take_and_decide(MONA, &case, &json!({"verdict": "approve"})).await;
    app.wait_for(&victim, "approved").await;
    app.settled(&victim).await;
    assert_eq!(reason(&app, scene.jpeg()).await.as_deref(), Some("content-violence"), "not known");
}

#[tokio::test]
async fn a_case_that_is_opened_too_late_stays_closed() {
    let app = TestApp::start().await;
    let id = app.in_review(6).await;
    app.settled(&id).await;
    let reviewed = app.document(&id).await.unwrap();
    app.documents("cases").delete(&id, &id).await;
    app.delete(&format!("/v1/photos/{id}")).await.expect(204);
    app.settled(&id).await;
    let case = app.document_in("cases", &id, &id).await.unwrap();
    assert_eq!(case["state"], "closed");
    // Whoever still has the photo as it was opens it now.
    app.change_document(
        &id,
        &json!({
            "state": "review", "revision": reviewed["revision"], "duties": ["open-case"],
        }),
    )
    .await;
    app.sweep(&id).await;
    app.settled(&id).await;
    assert_eq!(app.document_in("cases", &id, &id).await.unwrap()["state"], "closed");
}

#[tokio::test]
async fn what_was_still_being_remembered_when_the_rejection_was_undone_is_forgotten() {
    let app = TestApp::start().await;
    let scene = Scene::terrible(7);
    let photo = app.uploaded_until(scene.jpeg(), "rejected").await;
    let id = photo["id"].as_str().unwrap();
    app.settled(id).await;
    // Undone and forgotten, and then the slow one went on.
    app.change_document(id, &json!({"state": "review"})).await;
    app.sweep(id).await;
    app.eventually("the sweep to forget it", || async {
        app.documents("known-images")
            .all()
            .await
            .iter()
            .all(|band| band["entries"] == json!([]))
            .then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_rejection_that_is_undone_while_its_picture_is_being_remembered_leaves_nothing() {
    let app = TestApp::start().await;
    let id = app.in_review(8).await;
    app.settled(&id).await;
    let taken = app.take(MONA, &id).await.expect(200);
    let gate = Gate::new();
    let only = Requests::any().writes().path("/colls/known-images/");
    let fault = Fault::Hold(gate.clone());
    app.faults().add(Rule { service: Service::Cosmos, only, fault, when: When::Nth(3) });
    let undo = async {
        gate.reached().await;
        let case = app.case(MATEO, &id).await.expect(200);
        app.undo(MATEO, &id, case.etag()).await.expect(200);
        gate.open();
    };
    let reject = json!({"verdict": "reject", "reason": "other"});
    let (_, ()) = tokio::join!(app.decide(MONA, &id, taken.etag(), &reject), undo);
    app.wait_for(&id, "review").await;
    app.settled(&id).await;
    app.eventually("nothing to be remembered", async || {
        let bands = app.documents("known-images").all().await;
        bands.iter().all(|band| band["entries"] == json!([])).then_some(())
    })
    .await;
    assert_eq!(app.document_in("cases", &id, &id).await.unwrap()["state"], "open");
    assert_eq!(reason(&app, Scene::doubtful(8).jpeg()).await.as_deref(), Some("content-violence"));
}
