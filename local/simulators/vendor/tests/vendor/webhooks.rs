//! What the platform is told of changes.

use std::time::Duration;

use pretty_assertions::assert_eq;
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::Rig;

#[tokio::test]
async fn a_change_is_told_with_a_signature_and_an_order_that_was_answered_is_not() {
    let rig = Rig::start().await;
    let order = rig.ordered("ref-1").await;
    rig.ask(Method::PATCH, &order, &json!({"quantity": 5, "revision": 1})).await;
    let came = rig.came_times(1).await;
    let order_id = order.rsplit('/').next().unwrap();
    let expected = json!({"type": "order.changed", "timestamp": rig.clock.now(),
        "data": {"orderId": order_id, "clientReference": "ref-1", "revision": 2}});
    assert_eq!((&came[0].body, came[0].is_believed), (&expected, true));
    let webhook = rig.webhook_ended("delivered").await;
    assert_eq!((&webhook["attempts"], &webhook["answered"]), (&json!(1), &json!(204)));
    assert_eq!(rig.came().len(), 1);
}

#[tokio::test]
async fn a_webhook_that_is_not_taken_comes_again_with_the_same_id_and_body() {
    let rig = Rig::start().await;
    let order = rig.ordered("ref-1").await;
    rig.platform_is(&json!({"down": "internal-error"})).await;
    rig.ask(Method::DELETE, &order, &Value::Null).await;
    let tried = async || {
        let webhooks = rig.get("v1/simulation/webhooks").await;
        (webhooks["webhooks"][0]["attempts"] == 1).then_some(webhooks["webhooks"][0].clone())
    };
    let first = rig.eventually(tried).await;
    assert_eq!((&first["answered"], &first["outcome"]), (&json!(500), &Value::Null));
    rig.platform_is(&json!({})).await;
    rig.clock.advance(Duration::from_mins(1));
    let came = rig.came_times(1).await;
    assert_eq!((came[0].id.as_str(), came[0].is_believed), (first["id"].as_str().unwrap(), true));
    assert_eq!(came[0].body["type"], "order.cancelled");
    rig.webhook_ended("delivered").await;
}

#[tokio::test]
async fn faults_lose_repeat_delay_and_forge_webhooks() {
    let rig = Rig::start().await;
    rig.faults("webhookLost=1");
    let lost = rig.ordered("ref-1").await;
    rig.ask(Method::DELETE, &lost, &Value::Null).await;
    rig.webhook_ended("lost").await;

    rig.faults("webhookTwice=1");
    let twice = rig.ordered("ref-2").await;
    rig.ask(Method::DELETE, &twice, &Value::Null).await;
    let came = rig.came_times(2).await;
    assert_eq!((came.len(), &came[0].id), (2, &came[1].id));

    rig.faults("webhookLate=1,webhookLateSeconds=60");
    let late = rig.ordered("ref-3").await;
    rig.ask(Method::DELETE, &late, &Value::Null).await;
    let postponed = async || {
        let webhooks = rig.get("v1/simulation/webhooks").await;
        (webhooks["webhooks"][2]["isLate"] == true).then_some(())
    };
    rig.eventually(postponed).await;
    assert_eq!(rig.came().len(), 2);
    rig.clock.advance(Duration::from_secs(60));
    assert_eq!(rig.came_times(3).await[2].body["data"]["clientReference"], "ref-3");

    rig.faults("webhookWronglySigned=1");
    let forged = rig.ordered("ref-4").await;
    rig.ask(Method::DELETE, &forged, &Value::Null).await;
    assert!(!rig.came_times(4).await[3].is_believed);
    let tried = async || {
        let webhooks = rig.get("v1/simulation/webhooks").await;
        (webhooks["webhooks"][3]["attempts"] == 1).then_some(())
    };
    rig.eventually(tried).await;
    rig.faults("");
    rig.clock.advance(Duration::from_mins(1));
    assert!(rig.came_times(5).await[4].is_believed);
}
