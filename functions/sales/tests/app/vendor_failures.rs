//! Answers of the vendor that are lost, late or of another kind: nothing is ordered twice, and nothing is lost.

use crate::support::TestApp;
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn an_order_whose_answer_was_lost_is_found_and_not_ordered_again() {
    let app = TestApp::start().await;
    // A vendor that forgets references would order again: we must not even ask it to.
    app.wrong("loseAnswer,ordersTwice,times=1");
    let order = app.order(&[("night-watch", 2)]).await;
    app.until_step_with_time(&order, "subscribe", "done").await;
    assert_eq!(app.states_at_vendor(&order).await, ["active"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_never_arrived_is_ordered_once_it_cannot_arrive_any_more() {
    let app = TestApp::start().await;
    app.wrong(r#"{"down": "closed", "operations": ["order"], "times": 1}"#);
    let order = app.order(&[("night-watch", 2)]).await;
    app.until_step_with_time(&order, "subscribe", "done").await;
    assert_eq!(app.states_at_vendor(&order).await, ["active"]);
    let call = app.documents("vendor-calls").get(&order, "1").await.unwrap();
    let second = |name: &str| call[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let placed = app.order_now(&order).await["placedAt"].as_str().unwrap().parse().unwrap();
    let waited = second("sentAt").duration_since(placed);
    assert!(waited.as_secs() >= 60, "ordered again after {waited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_is_ill_for_a_while_is_asked_again() {
    let app = TestApp::start().await;
    // What is on offer is known from now on.
    app.get("/sales/v1/offers").await.expect(200);
    app.wrong("down=internal-error,operations=order+keys,times=3");
    let order = app.order(&[("night-watch", 2)]).await;
    app.until_step_with_time(&order, "subscribe", "done").await;
    assert_eq!(app.states_at_vendor(&order).await, ["active"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_that_arrives_late_is_cancelled_and_the_first_stays() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 2)]).await;
    app.wrong("ordersTwice");
    let twin = json!({
        "clientReference": format!("{order}-1"),
        "serviceId": "vend-night-watch",
        "quantity": 2,
        "unitPrice": {"amount": "8.00", "currency": "EUR"},
    });
    app.ask_vendor(Method::POST, "orders", &twin).await;
    assert_eq!(app.states_at_vendor(&order).await, ["active", "active"]);
    app.run_timer("verify_vendor").await;
    assert_eq!(app.states_at_vendor(&order).await, ["active", "active"], "it is not time yet");
    app.travel(Duration::from_secs(6 * 60));
    app.run_timer("verify_vendor").await;
    assert_eq!(app.states_at_vendor(&order).await, ["active", "cancelled"]);
    assert_eq!(app.licence(&licences[0]).await.json()["state"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_activates_nothing_for_a_day_is_a_persons_matter_and_keeps_nothing() {
    let app = TestApp::start().await;
    app.wrong("activatingSeconds=2000000");
    let order = app.order(&[("night-watch", 1)]).await;
    app.eventually("a pending licence", async || {
        (app.licences_of(&order).await.len() == 1).then_some(())
    })
    .await;
    app.travel(Duration::from_secs(23 * 60 * 60));
    app.until_step(&order, "provision", "due").await;
    app.travel(Duration::from_secs(60 * 60));
    app.until_step_with_time(&order, "provision", "failed").await;
    app.eventually("the vendor's order to be cancelled", async || {
        (app.states_at_vendor(&order).await == ["cancelled"]).then_some(())
    })
    .await;
}
