//! The page for people.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::rig::{Rig, SERVICE, wanted};

#[tokio::test]
async fn the_page_shows_orders_prices_and_webhooks_and_no_key() {
    let rig = Rig::start().await;
    let order = rig.ordered("ref-<b>").await;
    let keys = rig.get(&format!("{order}/keys")).await;
    rig.ask(reqwest::Method::DELETE, &order, &Value::Null).await;
    rig.webhook_ended("delivered").await;
    let page = rig.text("").await;
    for part in [
        "ref-&#60;b&#62;",
        "Night watch",
        "8.00 EUR",
        "order.cancelled",
        "delivered",
        "Ordered twice",
    ] {
        assert!(page.contains(part), "{part} is not on the page:\n{page}");
    }
    let key = keys["keys"][0]["key"].as_str().unwrap();
    let log = rig.text("log").await;
    assert!(!page.contains(key) && !log.contains(key) && !log.contains("ref-"), "{log}");
}

#[tokio::test]
async fn prices_and_orders_are_changed_by_the_forms() {
    let rig = Rig::start().await;
    let sent = async |path: &str, body: String| {
        rig.http.post(rig.url(path)).body(body).send().await.unwrap().status().as_u16()
    };
    let row = format!("id={SERVICE}&amount=7.20&currency=EUR&stock=2&available=on");
    assert_eq!(sent("page/services", row).await, 303);
    let mut cheaper = wanted("ref-1");
    cheaper["unitPrice"]["amount"] = json!("7.20");
    cheaper["quantity"] = json!(2);
    let (status, order) = rig.ask(reqwest::Method::POST, "v1/orders", &cheaper).await;
    assert_eq!(status, 201, "{order}");
    let without_end = format!("id={SERVICE}&amount=7.20&currency=EUR&stock=");
    assert_eq!(sent("page/services", without_end).await, 303);
    let catalogue = rig.get("v1/services").await;
    let services = catalogue["services"].as_array().unwrap();
    assert_eq!(services.iter().filter(|one| one["available"] == false).count(), 1);
    let id = order["orderId"].as_str().unwrap();
    assert_eq!(sent("page/orders", format!("id={id}&state=cancelled")).await, 303);
    assert_eq!(rig.get(&format!("v1/orders/{id}")).await["state"], "cancelled");
    for (path, body) in [
        ("page/services", format!("id={SERVICE}&amount=cheap&currency=EUR")),
        ("page/orders", format!("id={id}&state=sold")),
        ("page/orders", "id=none&state=active".to_owned()),
    ] {
        assert_eq!(sent(path, body.clone()).await, 400, "{body}");
    }
}
