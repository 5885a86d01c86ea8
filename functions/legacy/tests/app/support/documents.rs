//! The documents behind the apps, over Cosmos DB's REST protocol.

use super::{DEADLINE, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

const VERSION: &str = "2020-07-15";

/// Any profile, by a number; none of the sample ones.
pub(crate) fn id(number: u32) -> String {
    format!("01980c6e-7777-7000-8000-{number:012}")
}

/// An active profile as the profiles app stores it.
pub(crate) fn active(number: u32, revision: u64) -> Value {
    json!({
        "state": "active", "id": id(number),
        "account": {
            "id": format!("01980c6e-8888-7000-8000-{number:012}"),
            "emailAddress": format!("p{number}@example.com"), "userName": format!("p{number}"),
        },
        "givenName": "Robin", "familyName": "Okafor", "age": 30,
        "address": {"street": "1 Marina", "city": "Lagos", "postalCode": null, "country": "NG"},
        "picture": null, "photos": [], "subscriptions": [],
        "revision": revision, "createdAt": "2026-03-01T08:00:00Z", "updatedAt": "2026-03-01T08:00:00Z",
        "schemaVersion": 1, "claims": [], "claimedAt": "2026-03-01T08:00:00Z",
    })
}

impl TestApp {
    pub(crate) async fn upsert(&self, container: &str, document: &Value) {
        let id = document["id"].as_str().unwrap();
        let answer = self.cosmos(Method::POST, container, id, Some(document)).await;
        assert!(answer.status().is_success(), "{answer:?}");
    }

    pub(crate) async fn remove(&self, container: &str, id: &str) {
        let answer = self.cosmos(Method::DELETE, container, id, None).await;
        assert!(answer.status().is_success(), "{answer:?}");
    }

    async fn cosmos(
        &self,
        method: Method,
        container: &str,
        id: &str,
        body: Option<&Value>,
    ) -> reqwest::Response {
        let documents = format!("{}dbs/iommi/colls/{container}/docs", self.host().cosmos_url());
        let url = if body.is_some() { documents } else { format!("{documents}/{id}") };
        let mut request = self
            .http
            .request(method, url)
            .timeout(DEADLINE)
            .header("x-ms-version", VERSION)
            .header("x-ms-documentdb-partitionkey", format!("[\"{id}\"]"))
            .header("x-ms-documentdb-is-upsert", "true");
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        request.send().await.unwrap()
    }
}
