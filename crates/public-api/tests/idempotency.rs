//! Requests that may be repeated, against the local Cosmos DB.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use azure_data::Cosmos;
use custom_handler::{IdempotencyKey, Settings};
use local_data::{DataServices, Options};
use pretty_assertions::assert_eq;
use public_api::Caller;
use public_api::idempotency::{IdempotencyError, IdempotentRequests};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Placed {
    order_id: u32,
}

/// The records of orders in a database of their own, which lives as long as the services.
async fn orders() -> (IdempotentRequests<Placed>, DataServices) {
    let services = DataServices::start(Options::ephemeral()).await.unwrap();
    let url = services.cosmos_url();
    azure_data::install_tls();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let key = json!({"paths": ["/id"], "kind": "Hash", "version": 2});
    for (path, resource) in [
        ("dbs", json!({"id": "shop"})),
        ("dbs/shop/colls", json!({"id": "requests", "partitionKey": key})),
    ] {
        let created = http.post(format!("{url}{path}")).body(resource.to_string()).send().await;
        assert_eq!(created.unwrap().status(), 201, "{path}");
    }
    let settings = Settings::from_map([("COSMOS__accountEndpoint", url)]);
    let container = Cosmos::read(&settings, "shop").unwrap().container("requests");
    (IdempotentRequests::new(container, "order"), services)
}

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text).unwrap()
}

#[tokio::test]
async fn a_repeated_request_gets_the_record_of_the_first_and_another_body_is_refused() {
    let (orders, services) = orders().await;
    let begin = async |body: &str, order_id: u32| {
        orders.begin(&Caller::Anonymous, &key("k"), body, Placed { order_id }).await
    };
    let first = begin("tea", 1).await.unwrap();
    assert_eq!((first.record.order_id, first.repeated), (1, false));
    let again = begin("tea", 2).await.unwrap();
    assert_eq!((again.record.order_id, again.repeated), (1, true));
    assert!(matches!(begin("cake", 3).await, Err(IdempotencyError::OtherRequest)));
    services.stop().await;
}

#[tokio::test]
async fn of_two_that_start_over_both_go_on_with_the_record_of_the_first() {
    let (orders, services) = orders().await;
    let (caller, key) = (Caller::Anonymous, key("k"));
    let first = orders.begin(&caller, &key, "tea", Placed { order_id: 1 }).await.unwrap();
    let restart = async |order_id: u32| {
        orders.restart(&caller, &key, "tea", Placed { order_id }, &first.etag).await
    };
    assert_eq!(restart(2).await.unwrap().record.order_id, 2);
    assert_eq!(restart(3).await.unwrap().record.order_id, 2);
    let repeated = orders.begin(&caller, &key, "tea", Placed { order_id: 4 }).await.unwrap();
    assert_eq!(repeated.record.order_id, 2);
    services.stop().await;
}
