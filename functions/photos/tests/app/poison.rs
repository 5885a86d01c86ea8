//! No message is given up: not in an outage, not after five kills, not because nobody can read it.

use crate::support::{KIM, Scene, TestApp};
use app_tests::{Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const LETTERS: &str = "/photos/v1/dead-letters";
const CHECKS: [&str; 2] = ["photo-checks", "photo-checks-poison"];
const ERASURES: [&str; 2] = ["photo-erasures", "photo-erasures-poison"];
/// So that photos are only checked when a test says so.
const NO_EVENTS: &[(&str, &str)] = &[("AzureWebJobs.uploaded.Disabled", "true")];

fn erased(profile: &str) -> Value {
    json!({
        "specversion": "1.0", "id": "1", "source": "/profiles", "subject": profile,
        "type": "com.iommi.profiles.erased.v1", "time": "2026-03-01T08:00:00Z",
        "data": {"profileId": profile, "erasedAt": "2026-03-01T08:00:00Z"},
    })
}

#[tokio::test]
async fn a_check_that_the_host_calls_poison_is_run_again() {
    let app = TestApp::start_with(NO_EVENTS).await;
    let id = app.upload("image/jpeg", Scene::harmless(1).jpeg()).await;
    app.queue(CHECKS[1]).send_json(&json!({"id": id, "profileId": KIM})).await;
    app.run_timer("poison_queues").await;
    app.wait_for(&id, "approved").await;
    assert_eq!(app.open_letters(LETTERS).await, Vec::<Value>::new());
}

#[tokio::test]
async fn ten_minutes_without_data_services_lose_nothing_and_make_no_letters() {
    let app = TestApp::start_with(NO_EVENTS).await;
    let id = app.upload("image/jpeg", Scene::harmless(1).jpeg()).await;
    app.queue(CHECKS[0]).send_json(&json!({"id": id, "profileId": KIM})).await;
    app.outage(&[Service::Cosmos, Service::Blob], &CHECKS).await;
    app.wait_for(&id, "approved").await;
    app.queue(ERASURES[0]).send_json(&erased(KIM)).await;
    app.outage(&[Service::Cosmos, Service::Blob, Service::Queue], &ERASURES).await;
    app.eventually("the erasure", async || {
        app.document("erasure").await?["completedAt"].is_string().then_some(())
    })
    .await;
    app.expect_hidden(&id).await;
    assert_eq!(app.open_letters(LETTERS).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_handler_that_is_killed_again_and_again_at_an_erasure_ends_it() {
    let app = TestApp::start_with(NO_EVENTS).await;
    let id = app.upload("image/jpeg", Scene::harmless(1).jpeg()).await;
    let work = Requests::any().reads().path("/colls/photos/docs/erasure");
    app.killed_at_poison(work, async || app.queue(ERASURES[1]).send_json(&erased(KIM)).await).await;
    app.until_empty(&ERASURES).await;
    assert!(app.document("erasure").await.unwrap()["completedAt"].is_string());
    app.expect_hidden(&id).await;
}

#[tokio::test]
async fn what_no_function_can_read_is_kept() {
    let app = TestApp::start().await;
    app.keeps_garbage(CHECKS[0], LETTERS).await;
    app.keeps_garbage(ERASURES[0], LETTERS).await;
}
