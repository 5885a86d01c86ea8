//! The one screen: in one request, and never held up by one of its parts.

use crate::support::{Opened, TestApp, kroner};
use app_tests::{Fault, Gate, Method, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

async fn screen(app: &TestApp, opened: &Opened) -> Value {
    app.get(&opened.path("/overview")).await.expect(200).json()
}

#[tokio::test]
async fn one_request_shows_the_screen() {
    let app = TestApp::start().await;
    let opened = app.opened("screen", "100.00").await;
    for number in 0..5 {
        let capture = json!({"amount": kroner(&format!("{number}.50")), "merchant": {"name": format!("Shop {number}")}});
        app.tells(&opened, &format!("c{number}"), "capture", capture).await;
    }
    assert_eq!(app.asks(&opened, "a", "20.00").await, Value::Null);
    let screen = screen(&app, &opened).await;
    let latest = screen["transactions"]["latest"].as_array().unwrap();
    let names: Vec<_> = latest.iter().map(|t| t["merchant"]["name"].clone()).collect();
    assert_eq!(names, ["Kiosk Nord", "Shop 4", "Shop 3"]);
    assert_eq!(screen["transactions"]["count"], 5);
    let spend = json!({"limit": kroner("100.00"), "used": kroner("32.50"), "remaining": kroner("67.50"), "overLimit": false});
    assert_eq!(screen["spend"], spend);
    let image = screen["cards"][0]["image"]["url"].as_str().unwrap();
    assert!(image.contains("/accounts-card-images/visa.png?") && image.contains("sp=r"), "{image}");
    assert_eq!(screen["company"]["name"], "Nordlys ApS");
    assert_eq!(screen["invoiceDue"]["has"], false);
    for part in ["account", "company", "invoice", "transactions", "cards", "images"] {
        assert_eq!(screen["parts"][part]["state"], "fresh", "{part}");
    }
}

#[tokio::test]
async fn a_screen_that_is_known_is_not_sent_again_until_something_on_it_has_changed() {
    let app = TestApp::start().await;
    let opened = app.opened("known", "100.00").await;
    let first = app.get(&opened.path("/overview")).await.expect(200);
    let again = async || {
        let request = app.request(Method::GET, &opened.path("/overview"));
        request.header("if-none-match", first.etag()).send().await.status
    };
    assert_eq!(again().await, 304);
    assert_eq!(app.asks(&opened, "a", "20.00").await, Value::Null);
    assert_eq!(again().await, 200);
}

#[tokio::test]
async fn a_part_that_does_not_come_is_as_it_was_and_one_that_was_never_had_is_missing() {
    let app = TestApp::start().await;
    let (known, new) = (app.opened("slow", "100.00").await, app.opened("new", "100.00").await);
    let before = screen(&app, &known).await;
    let queries = Requests::any().method("POST").path("/colls/accounts/docs");
    let gate = Gate::new();
    let held = Fault::Hold(gate.clone());
    app.faults().add(Rule {
        service: Service::Cosmos,
        only: queries,
        fault: held,
        when: When::Always,
    });
    let stale = screen(&app, &known).await;
    assert_eq!(stale["cards"][0]["id"], before["cards"][0]["id"]);
    assert_eq!(stale["parts"]["cards"]["state"], "stale");
    assert_eq!(stale["parts"]["cards"]["asOf"], before["parts"]["cards"]["asOf"]);
    assert_eq!(stale["parts"]["account"]["state"], "fresh");
    let missing = screen(&app, &new).await;
    assert_eq!(
        (&missing["cards"], &missing["parts"]["cards"]["state"]),
        (&Value::Null, &json!("missing"))
    );
    gate.open();
}
