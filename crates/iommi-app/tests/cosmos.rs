//! Queries, against the local Cosmos DB.

// All of this is tests, what they share included.
#![allow(clippy::unwrap_used)]

use azure_data_cosmos::Query;
use custom_handler::Settings;
use iommi_app::{Container, Cosmos, CosmosSettings};
use local_data::{DataServices, Options};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::num::NonZeroU32;

/// A container with the partition key `/pk`, and the services behind it.
async fn items() -> (DataServices, Container) {
    let services = DataServices::start(Options::ephemeral()).await.unwrap();
    let url = services.cosmos_url();
    iommi_app::install_tls();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let key = json!({"paths": ["/pk"], "kind": "Hash", "version": 2});
    for (path, resource) in [
        ("dbs", json!({"id": "iommi"})),
        ("dbs/iommi/colls", json!({"id": "items", "partitionKey": key})),
    ] {
        let created = http.post(format!("{url}{path}")).body(resource.to_string()).send().await;
        assert_eq!(created.unwrap().status(), 201, "{path}");
    }
    let settings =
        Settings::from_map([("COSMOS__accountEndpoint", url), ("COSMOS__database", "iommi")]);
    let cosmos = Cosmos::new(CosmosSettings::read(&settings).unwrap());
    let container = cosmos.container("items");
    for (partition, id) in [("p", "1"), ("p", "2"), ("p", "3"), ("q", "4")] {
        let document = json!({"id": id, "pk": partition});
        container.create(partition, id, &document).await.unwrap();
    }
    (services, container)
}

fn ids(documents: &[Value]) -> Vec<&str> {
    documents.iter().filter_map(|document| document["id"].as_str()).collect()
}

#[tokio::test]
async fn a_query_in_one_partition_sees_no_other_and_stops_where_it_is_told() {
    let (_services, items) = items().await;
    let query = || Query::from("SELECT * FROM c ORDER BY c.id");
    let most = |most| NonZeroU32::new(most).unwrap();
    let all: Vec<Value> = items.query(query(), most(10)).await.unwrap();
    assert_eq!(ids(&all), ["1", "2", "3", "4"]);
    let some: Vec<Value> = items.query_in("p", query(), most(10)).await.unwrap();
    assert_eq!(ids(&some), ["1", "2", "3"]);
    let first: Vec<Value> = items.query_in("p", query(), most(2)).await.unwrap();
    assert_eq!(ids(&first), ["1", "2"]);
    let none: Vec<Value> = items.query_in("r", query(), most(2)).await.unwrap();
    assert!(none.is_empty());
}
