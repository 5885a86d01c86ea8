//! What others are told: of every document that says something, with ids that a repetition has too.

use crate::support::{TestApp, kroner};
use app_tests::{Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const SCHEMAS: [(&str, &str); 6] = [
    ("authorised", include_str!("../../messages/authorised.schema.json")),
    ("declined", include_str!("../../messages/declined.schema.json")),
    ("posted", include_str!("../../messages/posted.schema.json")),
    ("limit-changed", include_str!("../../messages/limit-changed.schema.json")),
    ("statement-closed", include_str!("../../messages/statement-closed.schema.json")),
    ("card-activated", include_str!("../../messages/card-activated.schema.json")),
];

fn keeps_its_schema(event: &Value) {
    let is_of =
        |(name, _): &&(&str, &str)| event["type"] == format!("com.iommi.accounts.{name}.v1");
    let (_, schema) = SCHEMAS.iter().find(is_of).unwrap();
    let schema: Value = serde_json::from_str(schema).unwrap();
    assert_eq!(schema["title"], event["type"]);
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&event["data"]).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}: {event}");
}

/// The events of an account, by what they are and what they are about, once there are so many.
async fn events(app: &TestApp, account: &str, count: usize) -> BTreeMap<String, Value> {
    let found = std::cell::RefCell::new(BTreeMap::new());
    app.eventually("the events", async || {
        for event in app.queue("accounts-events").take_json().await {
            keeps_its_schema(&event);
            assert_eq!(event["subject"], event["data"]["accountId"]);
            if event["subject"] == *account {
                let data = event["data"].clone();
                let before = found.borrow_mut().insert(event["id"].to_string(), event);
                assert!(before.is_none_or(|before: Value| before["data"] == data));
            }
        }
        (found.borrow().len() >= count).then_some(())
    })
    .await;
    assert_eq!(found.borrow().len(), count, "{:#?}", found.borrow());
    let types = found.take().into_values();
    types
        .map(|event| (event["type"].as_str().unwrap().split('.').nth(3).unwrap().to_owned(), event))
        .collect()
}

#[tokio::test]
async fn what_happens_to_an_account_is_told_with_the_same_id_each_time() {
    let app = TestApp::start().await;
    let opened = app.opened("told", "100.00").await;
    assert_eq!(app.asks(&opened, "a", "60.00").await, Value::Null);
    assert_eq!(app.asks(&opened, "b", "60.00").await, "account-limit");
    let capture = json!({"authorisation": "a", "amount": kroner("50.00"), "last": true});
    app.tells(&opened, "c", "capture", capture).await;
    let limit = json!({"limit": kroner("500.00"), "why": "more business"});
    app.put(&opened.path("/limit"), &limit).await.expect(200);
    let told = events(&app, &opened.account, 5).await;
    assert_eq!(told["authorised"]["data"]["amount"], kroner("60.00"));
    assert_eq!(told["declined"]["data"]["reason"], "account-limit");
    assert_eq!(told["posted"]["data"]["amount"], kroner("50.00"));
    assert_eq!(told["limit-changed"]["data"]["limit"], kroner("500.00"));
    assert_eq!(told["limit-changed"]["revision"], 2);
    assert_eq!(told["card-activated"]["data"]["cardId"], opened.card);
    let documents = Value::Array(app.documents("accounts").all().await);
    app.run_message("changes", &documents).await;
    let again = events(&app, &opened.account, 5).await;
    let ids = |told: &BTreeMap<String, Value>| -> Vec<String> {
        told.values().map(|event| event["id"].to_string()).collect()
    };
    assert_eq!(ids(&again), ids(&told));
}

#[tokio::test]
async fn whichever_message_to_the_queue_is_not_answered_everything_is_told() {
    let app = TestApp::start().await;
    let sends = Requests::any().method("POST").path("/accounts-events/");
    app.with_each_answer_lost(Service::Queue, sends, async |n| {
        let opened = app.opened(&format!("unanswered-{n}"), "100.00").await;
        app.tells(&opened, &format!("c{n}"), "capture", json!({"amount": kroner("1.00")})).await;
        events(&app, &opened.account, 2).await;
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_was_closed_is_told() {
    let app = TestApp::start().await;
    let opened = app.opened("statement", "100.00").await;
    app.tells(&opened, "c", "capture", json!({"amount": kroner("40.00")})).await;
    app.travel(Duration::from_secs(31 * 24 * 60 * 60));
    app.run_timer("close_statements").await;
    let told = events(&app, &opened.account, 3).await;
    let closed = &told["statement-closed"]["data"];
    assert_eq!((&closed["closing"], &closed["number"]), (&kroner("40.00"), &json!(1)));
}
