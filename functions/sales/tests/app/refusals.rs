//! What the vendor does not deliver as it was ordered: the order fails with the reason, and nothing is kept or invoiced.

use crate::support::{TestApp, step_of};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

/// An order of two services that cannot be delivered: its problem.
async fn failed(app: &TestApp) -> Value {
    let order = app.order(&[("night-watch", 1), ("home-care", 4)]).await;
    let failed = app.until_step(&order, "provision", "failed").await;
    assert_eq!(failed["state"], "failed");
    assert_eq!(step_of(&failed, "subscribe")["state"], "waiting", "nothing is invoiced");
    app.eventually("the vendor's orders to be cancelled", async || {
        let states = app.states_at_vendor(&order).await;
        states.iter().all(|state| state == "cancelled").then_some(())
    })
    .await;
    assert_eq!(app.look_at_vendor("").await["active"], 0);
    for licence in app.licences_of(&order).await {
        assert_eq!(licence["state"], "cancelled");
    }
    assert!(!app.is_subscribed("night-watch").await);
    step_of(&failed, "provision")["problem"].clone()
}

/// An app that has shown what is on offer: what the vendor changes afterwards is not known when it is ordered.
async fn app_with_known_offers() -> TestApp {
    let app = TestApp::start().await;
    app.get("/sales/v1/offers").await.expect(200);
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_changed_is_told_with_the_old_and_the_new_one() {
    let app = app_with_known_offers().await;
    let price = json!({"unitPrice": {"amount": "4.20", "currency": "EUR"}});
    app.tell_vendor("services/vend-home-care", &price).await;
    let problem = failed(&app).await;
    assert_eq!(problem["code"], "price-changed");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("3.50 EUR") && detail.contains("4.20 EUR"), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_out_of_stock_on_the_second_line_gives_back_the_first() {
    let app = app_with_known_offers().await;
    app.tell_vendor("services/vend-home-care", &json!({"stock": 3})).await;
    assert_eq!(failed(&app).await["code"], "out-of-stock");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_of_what_was_ordered_is_not_what_was_ordered() {
    let app = app_with_known_offers().await;
    app.wrong("partialQuantity");
    let problem = failed(&app).await;
    assert_eq!(problem["code"], "out-of-stock");
    assert!(problem["detail"].as_str().unwrap().contains("2 of 4"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_currency_is_no_price() {
    let app = app_with_known_offers().await;
    app.wrong("wrongCurrency");
    assert_eq!(failed(&app).await["code"], "answer-unusable");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_the_vendor_cancels_before_it_is_active_is_not_delivered() {
    let app = app_with_known_offers().await;
    app.wrong("activatingSeconds=600,cancelsAfterSeconds=1");
    let problem = failed(&app).await;
    assert_eq!(problem["code"], "vendor-refused");
}
