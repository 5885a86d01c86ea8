//! No message is given up: not in an outage, not after five kills, not because nobody can read it.

use crate::support::{TestApp, active, id};
use app_tests::{Fault, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

const LETTERS: &str = "/ops/v1/dead-letters";
const INBOX: [&str; 2] = ["legacy-inbox", "legacy-inbox-poison"];

/// Profiles whose revision 1 the mainframe has got.
async fn sent(app: &TestApp, count: u32) {
    for number in 1..=count {
        app.upsert(&active(number, 1)).await;
    }
    app.messages(count as usize).await;
    for number in 1..=count {
        app.sync(&id(number), |sync| sync["sent"]["revision"] == 1).await;
    }
}

async fn answered(app: &TestApp, count: u32) {
    for number in 1..=count {
        app.answer(&format!("a{number}"), &id(number), 1, "applied", None).await;
    }
}

#[tokio::test]
async fn ten_minutes_without_data_services_lose_no_answer_and_make_no_letters() {
    let app = TestApp::start().await;
    sent(&app, 20).await;
    answered(&app, 20).await;
    app.outage(&[Service::Cosmos, Service::Blob, Service::Queue], &INBOX).await;
    for number in 1..=20 {
        app.sync(&id(number), |sync| sync["standing"] == "applied").await;
    }
    assert_eq!(app.open_letters(LETTERS).await, Vec::<Value>::new());
}

#[tokio::test]
async fn answers_that_outlast_the_host_s_tries_are_applied_when_cosmos_db_is_back() {
    let app = TestApp::start().await;
    sent(&app, 20).await;
    let down = Rule {
        service: Service::Cosmos,
        only: Requests::any().path("/colls/legacy-sync/"),
        // The client asks again a few times, and at once.
        fault: Fault::Throttle { retry_after: Duration::from_millis(1) },
        when: When::Always,
    };
    let down = app.faults().add(down);
    answered(&app, 20).await;
    let moved = async || (app.queue(INBOX[1]).length().await == 20).then_some(());
    app.eventually_with_time("all of them in the poison queue", Duration::from_secs(31), moved)
        .await;
    app.run_timer("poison_queues").await;
    assert_eq!(app.queue(INBOX[1]).length().await, 20);
    app.faults().remove(down);
    app.until_empty(&INBOX).await;
    for number in 1..=20 {
        app.sync(&id(number), |sync| sync["standing"] == "applied").await;
    }
    assert_eq!(app.open_letters(LETTERS).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_handler_that_is_killed_again_and_again_at_an_answer_applies_it_in_the_end() {
    let app = TestApp::start().await;
    sent(&app, 1).await;
    let work = Requests::any().path(format!("/colls/legacy-sync/docs/{}", id(1)));
    app.killed_at_poison(work, async || {
        app.answer_in(INBOX[1], "a", &id(1), 1, "applied", None).await;
    })
    .await;
    app.until_empty(&INBOX).await;
    app.sync(&id(1), |sync| sync["standing"] == "applied").await;
}

#[tokio::test]
async fn what_no_function_can_read_is_kept() {
    let app = TestApp::start().await;
    app.keeps_garbage(INBOX[0], LETTERS).await;
    app.keeps_garbage("legacy-resend", LETTERS).await;
}

#[tokio::test]
async fn what_the_mainframe_failed_on_is_kept_whatever_it_is() {
    let app = TestApp::start().await;
    app.queue("legacy-outbox-poison").send_raw("not in base64").await;
    app.queue("legacy-outbox-poison").send_json(&json!({"subject": "nobody"})).await;
    app.run_timer("poison_queues").await;
    assert_eq!(app.queue("legacy-outbox-poison").length().await, 0);
    let letters = app.letters("outbox-poison", 2).await;
    assert!(letters.iter().any(|letter| letter["message"] == "not in base64"));
}
