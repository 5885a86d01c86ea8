//! What fails about a person after that person was erased is kept without what it says.

use crate::support::{TestApp, active, id, tombstone};
use serde_json::{Value, json};
use std::time::Duration;

fn event(number: u32, r#type: &str, revision: u64, data: &Value) -> Value {
    let (id, time) = (id(number), "2026-03-01T08:00:00Z");
    json!({"specversion": "1.0", "id": format!("{id}-{revision}"), "source": "/legacy", "type": r#type,
        "subject": id, "time": time, "datacontenttype": "application/json", "revision": revision, "data": data})
}

fn changed(number: u32) -> Value {
    let data = json!({"id": id(number), "revision": 1, "familyName": "Oldenburg"});
    event(number, "com.iommi.legacy.profile-changed.v1", 1, &data)
}

async fn letters(app: &TestApp, number: u32, state: &str) -> Vec<Value> {
    let path = format!("/ops/v1/dead-letters?profileId={}&state={state}", id(number));
    app.eventually(&format!("a letter that is {state}"), async || {
        let list = app.get(&path).await.expect(200).json();
        list["items"].as_array().filter(|items| !items.is_empty()).cloned()
    })
    .await
}

/// Whether anything in the container of letters has the name.
async fn is_named(app: &TestApp) -> bool {
    let documents = app.documents("dead-letters").all().await;
    documents.iter().any(|document| document.to_string().contains("Oldenburg"))
}

async fn erased(app: &TestApp, number: u32) {
    app.upsert(&active(number, 1)).await;
    app.messages(1).await;
    app.answer("first", &id(number), 1, "applied", None).await;
    app.upsert(&tombstone(number, 2)).await;
    app.messages(1).await;
    app.sync(&id(number), |sync| sync["sent"]["revision"] == 2).await;
}

#[tokio::test]
async fn what_fails_late_is_kept_without_what_it_says() {
    let app = TestApp::start().await;
    erased(&app, 1).await;
    app.answer("a", &id(1), 2, "applied", None).await;
    app.sync(&id(1), |sync| sync["standing"] == "applied").await;
    app.queue("legacy-outbox-poison").send_json(&changed(1)).await;
    app.run_timer("poison_queues").await;
    let letter = letters(&app, 1, "discarded").await.remove(0);
    assert_eq!((&letter["message"], &letter["reason"]), (&json!(""), &json!("outbox-poison")));
    assert!(!is_named(&app).await);
}

#[tokio::test]
async fn an_erasure_that_fails_can_still_be_sent_again() {
    let app = TestApp::start().await;
    erased(&app, 1).await;
    let data = json!({"id": id(1), "revision": 2, "erasedAt": "2026-03-01T08:00:00Z"});
    let erasure = event(1, "com.iommi.legacy.profile-erased.v1", 2, &data);
    app.queue("legacy-outbox-poison").send_json(&erasure).await;
    app.run_timer("poison_queues").await;
    let letter = letters(&app, 1, "open").await.remove(0);
    assert_ne!(letter["message"], "");
    app.run_timer("poison_queues").await;
    assert_ne!(letters(&app, 1, "open").await.remove(0)["message"], "");
}

#[tokio::test]
async fn letters_that_were_there_are_emptied_even_if_the_mainframe_refuses_the_erasure() {
    let app = TestApp::start().await;
    app.queue("legacy-outbox-poison").send_json(&changed(1)).await;
    app.run_timer("poison_queues").await;
    letters(&app, 1, "open").await;
    assert!(is_named(&app).await);
    erased(&app, 1).await;
    app.answer("a", &id(1), 2, "refused", Some("MF-1043")).await;
    app.sync(&id(1), |sync| sync["standing"] == "refused").await;
    app.run_timer("poison_queues").await;
    letters(&app, 1, "discarded").await;
    assert!(!is_named(&app).await);
}

#[tokio::test]
async fn what_a_letter_says_about_nobody_knows_whom_goes_after_a_month() {
    let app = TestApp::start().await;
    let nameless = json!({"familyName": "Oldenburg"});
    app.queue("legacy-inbox").send_json(&nameless).await;
    app.letters("unreadable-answer", 1).await;
    app.run_timer("poison_queues").await;
    assert!(is_named(&app).await, "it is young");
    app.travel(Duration::from_secs(31 * 24 * 3_600));
    app.run_timer("poison_queues").await;
    let list = app.get("/ops/v1/dead-letters?state=discarded").await.expect(200).json();
    let letter = &list["items"][0];
    assert_eq!(
        (&letter["message"], &letter["actions"][1]["what"]),
        (&json!(""), &json!("emptied"))
    );
    assert!(!is_named(&app).await);
}
