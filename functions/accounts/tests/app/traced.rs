//! One trace leads from the card network's question to the event that tells others of the answer, through the ledger and
//! its change feed.

use crate::support::{TestApp, kroner};
use app_tests::Span;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

/// Of the hold and of the card, whose pace it counts in. Without what is asked of databases, and the host's triggers.
const TOLD: &str = "\
accounts: POST /accounts/v1/network/authorisations
  accounts: changes item
    accounts: send accounts-events
  accounts: changes item
    accounts: send accounts-events";

#[tokio::test]
async fn one_trace_leads_from_an_authorisation_to_the_event_that_tells_of_it() {
    let app = TestApp::start().await;
    let opened = app.opened("traced", "100.00").await;
    let trace = app.begin_trace();
    let body = json!({"id": "a", "card": opened.token, "amount": kroner("60.00"),
        "merchant": {"name": "Kiosk Nord", "category": 5411}});
    let answer = app.network_in(&trace, "authorisations", &body).await.expect(200).json();
    assert_eq!(answer["approved"], true);
    let is_beside = |span: &Span| span.kind == "client" || span.service == "host";
    app.trace(&trace, TOLD, |trace| trace.without(is_beside).tree() == TOLD).await;
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
    let expected = json!([
        [{"decision": "approved"}, 1.0],
        [{"decision": "declined", "reason": "account-limit"}, 1.0],
    ]);
    app.eventually("the figures", async || {
        let metrics = app.all_telemetry().await.metrics;
        let decisions = metrics.iter().filter(|one| one["name"] == "iommi.accounts.decisions");
        let mut decisions: Vec<Value> =
            decisions.map(|one| json!([one["attributes"], one["value"]])).collect();
        decisions.sort_by_key(Value::to_string);
        (json!(decisions) == expected).then_some(())
    })
    .await;
}
