//! A profile is erased, and everything that showed its owner with it.

use crate::support::{KIM, Scene, TestApp, erased};
use app_tests::{Fault, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

async fn completed(app: &TestApp) -> Value {
    app.eventually("the erasure to be complete", || async {
        let record = app.document("erasure").await?;
        record["completedAt"].is_string().then_some(record)
    })
    .await
}

#[tokio::test]
async fn an_erased_profile_leaves_a_record_and_no_picture() {
    let app = TestApp::start().await;
    let shown = app.uploaded_until(Scene::harmless(1).jpeg(), "approved").await;
    let doubtful = app.uploaded_until(Scene::doubtful(2).jpeg(), "review").await;
    let waiting = app.ticket("image/jpeg", 10).await;
    let [shown, doubtful] = [&shown, &doubtful].map(|photo| photo["id"].as_str().unwrap());
    app.eventually("the case", || app.document_in("cases", doubtful, doubtful)).await;
    app.invoke("erase", &erased(KIM)).await;
    let record = completed(&app).await;
    assert_eq!(
        record["removed"],
        json!({
            "photos": 3, "uploads": 0, "quarantine": 3, "published": 3, "cases": 1, "strayUploads": 0,
        })
    );
    assert!(record["copiesGoneBy"].is_string(), "{record}");
    for id in [shown, doubtful, waiting.id.as_str()] {
        app.expect_hidden(id).await;
        app.photo(id).await.refused(404, "no-such-photo", &[]);
        assert_eq!(app.blobs(id).await, Vec::<String>::new());
        assert_eq!(app.document(id).await.unwrap()["state"], "erased");
    }
    let none = json!({"items": [], "continuation": null});
    assert_eq!(app.get(&format!("/v1/profiles/{KIM}/photos")).await.json(), none);
}

#[tokio::test]
async fn an_erasure_that_comes_again_keeps_its_record() {
    let app = TestApp::start().await;
    app.uploaded_until(Scene::harmless(1).jpeg(), "approved").await;
    app.invoke("erase", &erased(KIM)).await;
    let before = completed(&app).await;
    app.invoke("erase", &erased(KIM)).await;
    app.invoke("erase", &erased(KIM)).await;
    app.eventually("both to be done", || async {
        let calls = app.host().invocations();
        let again = calls.iter().filter(|call| call.function.starts_with("erase"));
        (again.count() >= 3).then_some(())
    })
    .await;
    let after = completed(&app).await;
    for member in ["erasedAt", "startedAt", "completedAt", "removed"] {
        assert_eq!(after[member], before[member], "{member}");
    }
}

#[tokio::test]
async fn an_erased_profile_gets_no_tickets_even_if_profiles_still_shows_it() {
    let app = TestApp::start().await;
    app.invoke("erase", &erased(KIM)).await;
    completed(&app).await;
    app.get(&format!("/v1/profiles/{KIM}")).await.expect(200);
    app.ask("image/jpeg", 10).await.refused(404, "no-such-profile", &[]);
}

#[tokio::test]
async fn an_upload_that_arrives_after_the_erasure_is_thrown_away() {
    let app = TestApp::start().await;
    let jpeg = Scene::harmless(1).jpeg();
    let ticket = app.ticket("image/jpeg", jpeg.len()).await;
    app.invoke("erase", &erased(KIM)).await;
    completed(&app).await;
    assert_eq!(app.send(&ticket, jpeg).await, 201);
    app.eventually("the upload to be thrown away", || async {
        app.blobs(&ticket.id).await.is_empty().then_some(())
    })
    .await;
    app.photo(&ticket.id).await.refused(404, "no-such-photo", &[]);
}

#[tokio::test]
async fn an_erasure_that_fails_for_as_long_as_it_takes_is_not_forgotten() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::harmless(1).jpeg(), "approved").await;
    let down = Rule {
        service: Service::Cosmos,
        only: Requests::any().writes().path("/colls/photos/"),
        // The client asks again a few times, and at once.
        fault: Fault::Throttle { retry_after: Duration::from_millis(1) },
        when: When::Always,
    };
    let down = app.faults().add(down);
    app.queue("photo-erasures-poison").send_json(&erased(KIM)).await;
    // Ten days: for anything else people would be asked after one, and the queue would drop it after seven.
    for _ in 0..10 {
        app.travel(Duration::from_secs(24 * 3_600));
        app.run_timer("poison_queues").await;
    }
    app.faults().remove(down);
    let gone = async || {
        let record = app.document("erasure").await?;
        record["completedAt"].is_string().then_some(())
    };
    app.eventually_with_time("the erasure", Duration::from_secs(30), gone).await;
    app.expect_hidden(photo["id"].as_str().unwrap()).await;
}

#[tokio::test]
async fn an_erasure_goes_on_where_it_was_interrupted_and_is_looked_at_once_more() {
    let app = TestApp::start().await;
    app.ticket("image/jpeg", 10).await;
    let late = app.ticket("image/jpeg", 10).await;
    app.invoke("erase", &erased(KIM)).await;
    completed(&app).await;
    // As if the run had died before the last photo, and its message had been lost.
    let document = app.document(&late.id).await.unwrap();
    let state = json!({"state": "awaiting-upload", "duties": [], "sweepAfter": null});
    app.change_document(&late.id, &state).await;
    let before = json!({"completedAt": null, "copiesGoneBy": null, "sweepAfter": 0});
    app.change_document("erasure", &before).await;
    app.invoke("sweep", &json!("")).await;
    completed(&app).await;
    assert_eq!(app.document(&late.id).await.unwrap()["state"], document["state"]);
    // Much later, when no copy of the data can be older and no URL lives.
    app.travel(std::time::Duration::from_secs(21 * 60));
    app.invoke("sweep", &json!("")).await;
    app.eventually("the erasure to be confirmed", || async {
        let record = app.document("erasure").await?;
        (record["confirmedAt"].is_string() && record["sweepAfter"].is_null()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_photo_that_nobody_can_read_is_erased_too() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::harmless(1).jpeg(), "approved").await;
    let id = photo["id"].as_str().unwrap();
    app.settled(id).await;
    app.change_document(id, &json!({"state": "archived"})).await;
    app.invoke("erase", &erased(KIM)).await;
    let record = completed(&app).await;
    assert_eq!(record["removed"]["published"], 3);
    assert_eq!(app.blobs(id).await, Vec::<String>::new());
    assert_eq!(app.document(id).await, None);
}

#[tokio::test]
async fn tickets_that_are_asked_for_during_an_erasure_are_refused_or_erased() {
    let app = TestApp::start().await;
    let asked = futures::future::join_all((0..8).map(|_| app.ask("image/jpeg", 10)));
    let message = erased(KIM);
    let (answers, ()) = futures::join!(asked, app.invoke("erase", &message));
    completed(&app).await;
    app.ask("image/jpeg", 10).await.refused(404, "no-such-profile", &[]);
    for given in answers.iter().filter(|answer| answer.status == 201) {
        let document = app.document(&given.id()).await.unwrap();
        assert_eq!(document["state"], "erased", "{document}");
    }
}
