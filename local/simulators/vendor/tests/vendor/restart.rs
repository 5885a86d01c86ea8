//! What the vendor answered is so after a kill.

use std::time::Duration;

use pretty_assertions::assert_eq;
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{Rig, SERVICE, path};

#[tokio::test]
async fn orders_prices_and_webhooks_outlive_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_owned();
    let rig = Rig::with(|options| vendor::Options { data: Some(data), ..options }).await;
    rig.platform_is(&json!({"down": "internal-error"})).await;
    let (_, order) = rig.order("ref-1").await;
    let key = rig.get(&format!("{}/keys", path(&order))).await;
    rig.faults("activatingSeconds=600");
    let (_, later) = rig.order("ref-2").await;
    rig.faults("");
    rig.ask(Method::PATCH, &path(&order), &json!({"quantity": 4, "revision": 1})).await;
    let price = json!({"unitPrice": {"amount": "9.00", "currency": "EUR"}});
    rig.ask(Method::PUT, &format!("v1/simulation/services/{SERVICE}"), &price).await;

    let rig = rig.restarted(dir.path()).await;
    assert_eq!(rig.get(&path(&order)).await["quantity"], 4);
    assert_eq!(rig.get(&format!("{}/keys", path(&order))).await, key);
    assert_eq!(rig.order("ref-1").await.0, 200);
    assert_eq!(rig.order("ref-3").await.1["code"], "price-changed");
    rig.platform_is(&json!({})).await;
    rig.clock.advance(Duration::from_mins(10));
    assert_eq!(rig.get(&path(&later)).await["state"], "active");
    let came = rig.came_times(2).await;
    let mut types: Vec<Value> = came.iter().map(|one| one.body["type"].clone()).collect();
    types.sort_by_key(Value::to_string);
    assert_eq!(types, ["order.activated", "order.changed"]);
    assert!(came.iter().all(|one| one.is_believed));
}
