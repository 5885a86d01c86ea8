//! Containers, changes and batches, against the local Cosmos DB.

// All of this is tests, what they share included.
#![allow(clippy::unwrap_used)]

mod batch;
mod change;
mod containers;
mod known;
mod spans;

use azure_data::{Container, Cosmos};
use custom_handler::Settings;
use local_data::{DataServices, Options};
use serde_json::{Value, json};

/// An account with the database `shop`, in which the container `items` has the partition key `/pk`, and `stocks` that of each
/// document's own id.
struct Account {
    cosmos: Cosmos,
    services: DataServices,
}

impl Account {
    async fn start() -> Self {
        let services = DataServices::start(Options::ephemeral()).await.unwrap();
        let url = services.cosmos_url();
        azure_data::install_tls();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let container = |id: &str, path: &str| {
            let key = json!({"paths": [path], "kind": "Hash", "version": 2});
            json!({"id": id, "partitionKey": key})
        };
        for (path, resource) in [
            ("dbs", json!({"id": "shop"})),
            ("dbs/shop/colls", container("items", "/pk")),
            ("dbs/shop/colls", container("stocks", "/id")),
        ] {
            let created = http.post(format!("{url}{path}")).body(resource.to_string()).send().await;
            assert_eq!(created.unwrap().status(), 201, "{path}");
        }
        let settings = Settings::from_map([("COSMOS__accountEndpoint", url)]);
        Self { cosmos: Cosmos::read(&settings, "shop").unwrap(), services }
    }

    fn items(&self) -> Container {
        self.cosmos.container("items")
    }

    fn stocks(&self) -> Container {
        self.cosmos.container("stocks")
    }
}

/// A document in the partition `p`.
fn document(id: &str, count: u32) -> Value {
    json!({"id": id, "pk": "p", "count": count})
}

/// What a document of the partition `p` counts, or `None` if there is none.
async fn count(items: &Container, id: &str) -> Option<u64> {
    let item = items.read::<Value>("p", id).await.unwrap();
    item.map(|item| item.value["count"].as_u64().unwrap())
}
