//! A decision about a photo is never given up: not in an outage, not after five kills, not because nobody can read it.

use crate::support::{DECISIONS, KIM, POISON, TestApp, decided};
use app_tests::{Fault, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::json;
use std::time::Duration;

const PHOTO: &str = "01980c6e-2222-7000-8000-000000000001";
const LETTERS: &str = "/profiles/v1/dead-letters";
const STEP: Duration = Duration::from_secs(60);

async fn photo_is(app: &TestApp, state: &str) {
    let kim = app.stored_profile(KIM).await;
    assert_eq!(kim["photos"][0]["state"], state, "{kim}");
}

#[tokio::test]
async fn a_message_that_the_host_calls_poison_is_dealt_with() {
    let app = TestApp::start().await;
    app.queue(POISON).send_json(&decided(KIM, PHOTO, "approved", 1)).await;
    app.run_timer("poison_queues").await;
    assert_eq!(app.queue(POISON).length().await, 0);
    photo_is(&app, "approved").await;
    assert_eq!(app.letters().await, Vec::<serde_json::Value>::new());
}

#[tokio::test]
async fn ten_minutes_without_data_services_lose_nothing_and_make_no_letters() {
    let app = TestApp::start().await;
    app.get("/v1/health/ready").await.expect(200);
    app.queue(DECISIONS).send_json(&decided(KIM, PHOTO, "approved", 1)).await;
    app.outage(&[Service::Cosmos, Service::Queue], &[DECISIONS, POISON]).await;
    photo_is(&app, "approved").await;
    assert_eq!(app.letters().await, Vec::<serde_json::Value>::new());

    app.queue(DECISIONS).send_json(&decided(KIM, PHOTO, "rejected", 2)).await;
    app.outage(&[Service::Cosmos], &[DECISIONS, POISON]).await;
    photo_is(&app, "rejected").await;
    assert_eq!(app.letters().await, Vec::<serde_json::Value>::new());
}

#[tokio::test]
async fn a_handler_that_is_killed_again_and_again_at_a_poison_message_does_it_in_the_end() {
    let app = TestApp::start().await;
    app.get("/v1/health/ready").await.expect(200);
    let work = Requests::any().reads().path(format!("/colls/profiles/docs/{KIM}"));
    app.killed_at_poison(work, async || {
        app.queue(POISON).send_json(&decided(KIM, PHOTO, "approved", 1)).await;
    })
    .await;
    app.until_empty(&[POISON]).await;
    photo_is(&app, "approved").await;
}

#[tokio::test]
async fn what_no_function_can_read_is_kept() {
    let app = TestApp::start().await;
    app.keeps_garbage(DECISIONS, LETTERS).await;
}

#[tokio::test]
async fn what_fails_for_a_day_is_seen_by_people_and_not_before() {
    let app = TestApp::start().await;
    app.get("/v1/health/ready").await.expect(200);
    let down = Rule {
        service: Service::Cosmos,
        only: Requests::any().path("/colls/profiles/"),
        // The client asks again a few times, and at once.
        fault: Fault::Throttle { retry_after: Duration::from_millis(1) },
        when: When::Always,
    };
    let down = app.faults().add(down);
    app.queue(POISON).send_json(&decided(KIM, PHOTO, "approved", 1)).await;
    for _ in 0..3 {
        app.travel(Duration::from_secs(7 * 3_600));
        app.run_timer("poison_queues").await;
    }
    assert_eq!(app.queue(POISON).length().await, 1);
    app.travel(Duration::from_secs(4 * 3_600));
    let taken = async || (app.queue(POISON).length().await == 0).then_some(());
    app.eventually_with_time("the letter", STEP, taken).await;
    app.faults().remove(down);
    let [letter] = <[_; 1]>::try_from(app.letters().await).unwrap();
    assert_eq!((&letter["reason"], &letter["queue"]), (&json!("poison"), &json!(DECISIONS)));
    assert!(letter["detail"].as_str().unwrap().contains("failed for a day"), "{letter}");
    let path = format!("{LETTERS}/{}", letter["id"].as_str().unwrap());
    app.post(&path, &json!({"action": "redrive"})).await.expect(200);
    app.until_empty(&[DECISIONS]).await;
    photo_is(&app, "approved").await;
}
