//! Orders that change: more licences, a longer time, an end.

use pretty_assertions::assert_eq;
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::Rig;

#[tokio::test]
async fn quantity_and_time_change_on_the_revision_that_was_read() {
    let rig = Rig::start().await;
    let order = rig.ordered("ref-1").await;
    let until = rig.clock.now() + jiff::SignedDuration::from_hours(24);
    let change = json!({"quantity": 5, "validTo": until, "revision": 1});
    let (status, changed) = rig.ask(Method::PATCH, &order, &change).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(
        (&changed["quantity"], &changed["validTo"], &changed["revision"]),
        (&json!(5), &json!(until), &json!(2))
    );
    assert_eq!(rig.get(&order).await, changed);
    let (status, refused) = rig.ask(Method::PATCH, &order, &change).await;
    assert_eq!(
        (status, &refused["code"], &refused["revision"]),
        (409, &json!("revision"), &json!(2))
    );
    for (body, code) in [
        (json!({"quantity": 0, "revision": 2}), "invalid"),
        (json!({"quantity": 20_000, "revision": 2}), "invalid"),
        (json!({"validTo": "2001-01-01T00:00:00Z", "revision": 2}), "invalid"),
        (json!({"quantity": 2}), "invalid"),
        (json!({"price": 2, "revision": 2}), "invalid"),
    ] {
        let (status, refused) = rig.ask(Method::PATCH, &order, &body).await;
        assert_eq!((status, &refused["code"]), (400, &json!(code)), "{body}");
    }
    assert_eq!(rig.get(&order).await, changed);
}

#[tokio::test]
async fn a_cancelled_order_stays_cancelled_and_says_the_same_again() {
    let rig = Rig::start().await;
    let order = rig.ordered("ref-1").await;
    let (status, cancelled) = rig.ask(Method::DELETE, &order, &Value::Null).await;
    assert_eq!(
        (status, &cancelled["state"], &cancelled["revision"]),
        (200, &json!("cancelled"), &json!(2))
    );
    assert_eq!(rig.ask(Method::DELETE, &order, &Value::Null).await, (200, cancelled.clone()));
    let change = json!({"quantity": 5, "revision": 2});
    let (status, refused) = rig.ask(Method::PATCH, &order, &change).await;
    assert_eq!((status, &refused["code"]), (409, &json!("cancelled")));
    assert_eq!(rig.ask(Method::DELETE, "v1/orders/none", &Value::Null).await.0, 404);
    // The reference is that of this order for ever.
    assert_eq!(rig.order("ref-1").await, (200, cancelled));
}

#[tokio::test]
async fn the_vendor_changes_an_order_by_hand() {
    let rig = Rig::start().await;
    let order = rig.ordered("ref-1").await;
    let by_hand = order.replace("v1/orders", "v1/simulation/orders");
    let (status, changed) = rig.ask(Method::PUT, &by_hand, &json!({"quantity": 1})).await;
    assert_eq!((status, &changed["quantity"]), (200, &json!(1)));
    let (_, cancelled) = rig.ask(Method::PUT, &by_hand, &json!({"state": "cancelled"})).await;
    assert_eq!((&cancelled["state"], &cancelled["revision"]), (&json!("cancelled"), &json!(3)));
    let types: Vec<_> =
        rig.came_times(2).await.iter().map(|one| one.body["type"].clone()).collect();
    assert!(types.contains(&json!("order.changed")) && types.contains(&json!("order.cancelled")));
    assert_eq!(rig.ask(Method::PUT, &by_hand, &json!({"quantity": 0})).await.0, 400);
    assert_eq!(rig.ask(Method::PUT, "v1/simulation/orders/none", &json!({})).await.0, 400);
}
