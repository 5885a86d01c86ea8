//! The work is done and nobody hears of it: for every write on a photo's ways, to Cosmos DB and to Blob Storage.

use crate::support::{KIM, MATEO, MONA, Scene, TestApp, erased};
use app_tests::{Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::cell::Cell;

/// Runs `scenario` for every n with the answer to the n-th write lost, to each of these; it gets a number of its own each
/// time.
async fn with_every_answer_lost(
    app: &TestApp,
    written: &[(Service, &str)],
    scenario: impl AsyncFn(u32),
) {
    let numbers = Cell::new(0);
    for (service, path) in written {
        let writes = Requests::any().writes().path(*path);
        let scenario = async |_| {
            numbers.set(numbers.get() + 1);
            scenario(numbers.get()).await;
        };
        let most = app.with_each_answer_lost(*service, writes, scenario).await;
        assert!(most > 0, "nothing was written to {path}");
    }
}

/// The states that the photo has had.
async fn way(app: &TestApp, id: &str) -> Vec<String> {
    let document = app.document(id).await.unwrap();
    let entries = document["history"].as_array().unwrap().iter();
    entries.map(|entry| entry["to"].as_str().unwrap().to_owned()).collect()
}

/// The photo's cases and their states.
async fn cases(app: &TestApp, id: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = app.documents("cases").all().await;
    let mut cases: Vec<_> = all
        .iter()
        .filter(|case| case["photoId"] == id)
        .map(|case| (text(&case["id"]), text(&case["state"])))
        .collect();
    cases.sort();
    cases
}

fn in_container(container: &str) -> Vec<String> {
    let variants = ["original", "large", "thumb"];
    variants.iter().map(|variant| format!("{container}/{variant}")).collect()
}

const PHOTOS: (Service, &str) = (Service::Cosmos, "/colls/photos/");
const CASES: (Service, &str) = (Service::Cosmos, "/colls/cases/");
const UPLOADS: (Service, &str) = (Service::Blob, "/photo-uploads/");
const PUBLISHED: (Service, &str) = (Service::Blob, "/photo-published/");

#[tokio::test]
async fn an_upload_whose_answers_are_lost_is_one_photo_that_is_approved_once() {
    let app = TestApp::start().await;
    let jpeg = Scene::harmless(1).jpeg();
    with_every_answer_lost(&app, &[PHOTOS, UPLOADS, PUBLISHED], async |_| {
        let before = app.documents("photos").all().await.len();
        let ticket = app.ticket("image/jpeg", jpeg.len()).await;
        app.put(&ticket.id, "image/jpeg", jpeg.clone()).await.expect(202);
        app.wait_for(&ticket.id, "approved").await;
        app.settled(&ticket.id).await;
        assert_eq!(way(&app, &ticket.id).await, ["awaiting-upload", "checking", "approved"]);
        assert_eq!(app.document(&ticket.id).await.unwrap()["checking"], Value::Null);
        app.eventually("the upload to be removed", async || {
            (app.blobs(&ticket.id).await == in_container("photo-published")).then_some(())
        })
        .await;
        let after = app.documents("photos").all().await.len();
        // The first ticket comes with the gate.
        assert!(after - before <= 2, "{before} documents became {after}");
        app.delete(&format!("/v1/photos/{}", ticket.id)).await.expect(204);
    })
    .await;
}

#[tokio::test]
async fn an_appeal_its_decision_and_its_undoing_happen_once_whichever_answer_is_lost() {
    let app = TestApp::start().await;
    with_every_answer_lost(&app, &[PHOTOS, CASES], async |number| {
        let id = app.in_review(number).await;
        app.settled(&id).await;
        let reject = json!({"verdict": "reject", "reason": "nudity"});
        app.take_and_decide(MONA, &id, &reject).await;
        assert_eq!(app.photo(&id).await.expect(200).json()["state"], "rejected");
        app.settled(&id).await;
        app.appeal(&id).await.expect(202);
        app.settled(&id).await;
        let appeal = format!("{id}-appeal");
        let decided = app.take_and_decide(MATEO, &appeal, &json!({"verdict": "approve"})).await;
        assert_eq!(decided.json()["decision"]["carriedOut"], json!(true));
        assert_eq!(app.photo(&id).await.expect(200).json()["state"], "approved");
        app.settled(&id).await;
        let undone = app.undo(MATEO, &appeal, decided.etag()).await.expect(200).json();
        assert_eq!(undone["state"], "open");
        app.settled(&id).await;
        let states =
            ["awaiting-upload", "checking", "review", "rejected", "review", "approved", "review"];
        assert_eq!(way(&app, &id).await, states);
        let state = |id: &str, state: &str| (id.to_owned(), state.to_owned());
        assert_eq!(cases(&app, &id).await, [state(&id, "decided"), state(&appeal, "open")]);
        assert_eq!(app.blobs(&id).await, in_container("photo-quarantine"));
        app.expect_hidden(&id).await;
        app.delete(&format!("/v1/photos/{id}")).await.expect(204);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_photo_is_gone_whichever_answer_is_lost() {
    let app = TestApp::start().await;
    with_every_answer_lost(&app, &[PHOTOS, CASES], async |number| {
        let id = app.in_review(number).await;
        app.settled(&id).await;
        app.delete(&format!("/v1/photos/{id}")).await.expect(204);
        app.settled(&id).await;
        assert_eq!(way(&app, &id).await, ["awaiting-upload", "checking", "review", "erased"]);
        assert_eq!(app.blobs(&id).await, Vec::<String>::new());
        assert_eq!(cases(&app, &id).await, [(id.clone(), "closed".to_owned())]);
        app.photo(&id).await.refused(404, "no-such-photo", &[]);
        app.delete(&format!("/v1/photos/{id}")).await.expect(204);
    })
    .await;
}

#[tokio::test]
async fn an_erased_profile_has_no_photos_whichever_answer_is_lost() {
    let app = TestApp::start().await;
    let kim = app.documents_of("profiles", "profiles").get(KIM, KIM).await.unwrap();
    let jpeg = Scene::harmless(1).jpeg();
    with_every_answer_lost(&app, &[PHOTOS, PUBLISHED], async |number| {
        let profile = format!("01980c6e-9999-7000-8000-{number:012}");
        let mut document = kim.clone();
        document["id"] = json!(profile);
        app.documents_of("profiles", "profiles").put(&profile, &document).await;
        let photo = app.ask_for(&profile, "image/jpeg", jpeg.len()).await.expect(201).id();
        app.put(&photo, "image/jpeg", jpeg.clone()).await.expect(202);
        app.wait_for(&photo, "approved").await;
        let waiting = app.ask_for(&profile, "image/jpeg", jpeg.len()).await.expect(201).id();
        app.invoke("erase", &erased(&profile)).await;
        let record = app
            .eventually("the erasure to be complete", async || {
                let record = app.document_in("photos", &profile, "erasure").await?;
                record["completedAt"].is_string().then_some(record)
            })
            .await;
        assert!(record["removed"]["photos"].as_u64() <= Some(2), "{record}");
        for photo in [&photo, &waiting] {
            let document = app.document_in("photos", &profile, photo).await.unwrap();
            assert_eq!(document["state"], "erased");
            assert_eq!(app.blobs(photo).await, Vec::<String>::new());
        }
        let ask = app.ask_for(&profile, "image/jpeg", 10).await;
        ask.refused(404, "no-such-profile", &[]);
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_is_sent_again_is_taken_once_and_another_is_not() {
    let app = TestApp::start().await;
    let (jpeg, png) =
        (Scene::harmless(1).jpeg(), Scene::harmless(2).encoded(image::ImageFormat::Png));
    let ticket = app.ticket("image/jpeg", jpeg.len()).await;
    app.put(&ticket.id, "image/jpeg", jpeg.clone()).await.expect(202);
    app.put(&ticket.id, "image/jpeg", jpeg.clone()).await.expect(202);
    app.wait_for(&ticket.id, "approved").await;
    app.settled(&ticket.id).await;
    app.put(&ticket.id, "image/jpeg", jpeg.clone()).await.expect(202);
    let mut other = jpeg.clone();
    *other.last_mut().unwrap() ^= 1;
    for (content_type, file) in [("image/jpeg", other), ("image/png", png)] {
        let answer = app.put(&ticket.id, content_type, file).await;
        answer.refused(409, "upload-not-expected", &[]);
    }
    assert_eq!(way(&app, &ticket.id).await, ["awaiting-upload", "checking", "approved"]);
    app.delete(&format!("/v1/photos/{}", ticket.id)).await.expect(204);
    app.put(&ticket.id, "image/jpeg", jpeg).await.refused(404, "no-such-photo", &[]);
}

#[tokio::test]
async fn a_decision_and_its_undoing_that_are_sent_again_get_the_first_answer() {
    let app = TestApp::start().await;
    let id = app.in_review(1).await;
    let taken = app.take(MONA, &id).await.expect(200);
    let approve = json!({"verdict": "approve"});
    let first = app.decide(MONA, &id, taken.etag(), &approve).await.expect(200);
    let again = app.decide(MONA, &id, taken.etag(), &approve).await.expect(200);
    assert_eq!((again.json(), again.etag()), (first.json(), first.etag()));
    let reject = json!({"verdict": "reject", "reason": "other"});
    let other = app.decide(MONA, &id, taken.etag(), &reject).await;
    other.refused(412, "precondition-failed", &["If-Match"]);
    let another = app.decide(MATEO, &id, taken.etag(), &approve).await;
    another.refused(412, "precondition-failed", &["If-Match"]);

    let undone = app.undo(MONA, &id, first.etag()).await.expect(200);
    let again = app.undo(MONA, &id, first.etag()).await.expect(200);
    assert_eq!((again.json(), again.etag()), (undone.json(), undone.etag()));
    let another = app.undo(MATEO, &id, first.etag()).await;
    another.refused(412, "precondition-failed", &["If-Match"]);
}
