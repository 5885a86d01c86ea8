//! The vendor does wrong what it is told.

use std::time::Duration;

use pretty_assertions::{assert_eq, assert_ne};
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{Rig, SERVICE, path, wanted};

#[tokio::test]
async fn an_order_whose_answer_is_lost_is_found_by_its_reference() {
    let rig = Rig::start().await;
    rig.faults("loseAnswer,times=1");
    assert!(rig.try_order("ref-1").await.is_err());
    let found = rig.found("ref-1").await;
    assert_eq!(found.len(), 1);
    assert_eq!(rig.order("ref-1").await, (200, found[0].clone()));
    let order = path(&found[0]);
    rig.faults(r#"{"loseAnswer": true, "operations": ["cancel"]}"#);
    assert!(rig.request(Method::DELETE, &order).send().await.is_err());
    assert_eq!(rig.get(&order).await["state"], "cancelled");
}

#[tokio::test]
async fn an_order_that_hangs_or_is_answered_late_is_made_all_the_same() {
    let rig = Rig::start().await;
    for (fault, reference) in [("hang", "ref-1"), ("answerDelayMs=600000", "ref-2")] {
        rig.faults(fault);
        let request = rig.request(Method::POST, "v1/orders").body(wanted(reference).to_string());
        let waits = tokio::spawn(request.send());
        rig.eventually(async || rig.found(reference).await.pop()).await;
        assert!(!waits.is_finished());
        waits.abort();
    }
    assert_eq!(rig.get("v1/simulation").await["orders"], 2);
}

#[tokio::test]
async fn without_dedupe_the_same_reference_is_two_orders() {
    let rig = Rig::start().await;
    let (_, first) = rig.order("ref-1").await;
    rig.faults("ordersTwice,times=1");
    let (status, second) = rig.order("ref-1").await;
    assert_eq!(status, 201);
    assert_ne!(first["orderId"], second["orderId"]);
    assert_eq!(rig.found("ref-1").await, [first.clone(), second]);
    assert_eq!(rig.order("ref-1").await, (200, first));
    assert_eq!(rig.get("v1/simulation").await["orderedTwice"], 1);
}

#[tokio::test]
async fn the_price_goes_up_the_moment_an_order_comes() {
    let rig = Rig::start().await;
    rig.faults("priceChanged,times=1");
    let (status, refused) = rig.order("ref-1").await;
    let price = json!({"amount": "8.80", "currency": "EUR"});
    assert_eq!(
        (status, &refused["code"], &refused["unitPrice"]),
        (409, &json!("price-changed"), &price)
    );
    let mut accepted = wanted("ref-2");
    accepted["unitPrice"] = price;
    assert_eq!(rig.ask(Method::POST, "v1/orders", &accepted).await.0, 201);
    assert_eq!(rig.found("ref-1").await, [] as [Value; 0]);
}

#[tokio::test]
async fn out_of_stock_partly_provided_and_in_another_currency() {
    let rig = Rig::start().await;
    rig.faults("outOfStock");
    assert_eq!(rig.order("ref-1").await.1["code"], "out-of-stock");
    rig.faults("partialQuantity");
    assert_eq!(rig.order("ref-1").await.1["quantity"], 1);
    rig.faults("wrongCurrency");
    let catalogue = rig.get("v1/services").await;
    assert_eq!(catalogue["services"][0]["unitPrice"]["currency"], "USD");
    assert_eq!(
        rig.order("ref-2").await.1["unitPrice"],
        json!({"amount": "8.00", "currency": "USD"})
    );
    rig.faults("");
    assert_eq!(rig.found("ref-2").await[0]["unitPrice"]["currency"], "EUR");
}

#[tokio::test]
async fn an_order_becomes_active_later_and_another_ends_by_itself() {
    let rig = Rig::start().await;
    rig.faults("activatingSeconds=60");
    let (_, order) = rig.order("ref-1").await;
    let later = path(&order);
    assert_eq!(order["state"], "activating");
    assert_eq!(rig.get(&format!("{later}/keys")).await["keys"], json!([]));
    rig.faults("cancelsAfterSeconds=120");
    let ends = rig.ordered("ref-2").await;
    rig.clock.advance(Duration::from_secs(60));
    let active = rig.get(&later).await;
    assert_eq!((&active["state"], &active["revision"]), (&json!("active"), &json!(2)));
    assert_eq!(rig.get(&format!("{later}/keys")).await["keys"].as_array().unwrap().len(), 1);
    assert_eq!(rig.get(&ends).await["state"], "active");
    assert_eq!(rig.came_times(1).await[0].body["type"], "order.activated");
    rig.clock.advance(Duration::from_secs(60));
    // Nobody asks: it happens all the same.
    let came = rig.came_times(2).await;
    assert_eq!(
        (&came[1].body["type"], &came[1].body["data"]["clientReference"]),
        (&json!("order.cancelled"), &json!("ref-2"))
    );
    assert_eq!(rig.get(&ends).await["state"], "cancelled");
}

#[tokio::test]
async fn the_catalogue_fails_while_orders_go_on() {
    let rig = Rig::start().await;
    rig.faults("catalogueFails");
    let (status, refused) = rig.ask(Method::GET, "v1/services", &Value::Null).await;
    assert_eq!((status, &refused["code"]), (500, &json!("unavailable")));
    rig.ordered("ref-1").await;
    rig.faults("throttle.every=1,throttle.retryAfterSeconds=7");
    let answer = rig.request(Method::GET, "v1/services").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (429, &"7".parse().unwrap())
    );
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "too-many-requests");
}

#[tokio::test]
async fn a_slow_catalogue_holds_nobody_else_up() {
    let rig = Rig::start().await;
    rig.faults(r#"{"delayMs": 600000, "operations": ["services"]}"#);
    let waits = tokio::spawn(rig.request(Method::GET, "v1/services").send());
    let begun = async || {
        let log = rig.get("log").await;
        (log["requests"] == 1).then_some(log["entries"][0].clone())
    };
    let entry = rig.eventually(begun).await;
    assert_eq!(entry["detail"], json!({"operation": "services", "withKey": true}));
    rig.ordered("ref-1").await;
    assert!(!waits.is_finished(), "{SERVICE} is not shown yet");
    waits.abort();
}
