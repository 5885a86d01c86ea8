//! One trace leads from the card network's question to the event that tells others of the answer, through the ledger and
//! its change feed.

use crate::support::{TestApp, kroner};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

#[tokio::test]
async fn one_trace_leads_from_an_authorisation_to_the_event_that_tells_of_it() {
    let app = TestApp::start().await;
    let opened = app.opened("traced", "100.00").await;
    let trace = app.begin_trace();
    let body = json!({"id": "a", "card": opened.token, "amount": kroner("60.00"), "merchant": {"name": "Kiosk Nord", "category": 5411}});
    let answer = app.network_in(&trace, "authorisations", &body).await.expect(200).json();
    assert_eq!(answer["approved"], true);
    let seen =
        app.trace(&trace, "others are told", |trace| trace.has("accounts", "send accounts-events"));
    let seen = seen.await.without(|span| span.kind == "client" || span.service == "host");
    assert_eq!(seen.tree(), "");
    let event = app.eventually("the event", async || {
        let events = app.queue("accounts-events").take_json().await;
        events.into_iter().find(|event| event["type"] == "com.iommi.accounts.authorised.v1")
    });
    assert_eq!(event.await["traceparent"].as_str().unwrap()[3..35], trace.id);
}

#[tokio::test]
async fn each_decision_is_counted_once_with_its_reason() {
    let app = TestApp::start().await;
    let opened = app.opened("counted", "100.00").await;
    assert_eq!(app.asks(&opened, "a", "60.00").await, Value::Null);
    assert_eq!(app.asks(&opened, "a", "60.00").await, Value::Null);
    assert_eq!(app.asks(&opened, "b", "60.00").await, "account-limit");
    let decisions = app.eventually("the figures", async || {
        let metrics = app.all_telemetry().await.metrics;
        let found: Vec<Value> =
            metrics.into_iter().filter(|one| one["name"] == "iommi.accounts.decisions").collect();
        (found.len() >= 2).then_some(found)
    });
    assert_eq!(json!(decisions.await), json!([]));
}
