//! The documents behind the app, over Cosmos DB's REST protocol: to set up what a crash would leave.

use super::TestApp;
use serde_json::Value;

const VERSION: &str = "2020-07-15";

impl TestApp {
    pub(crate) async fn document(&self, container: &str, id: &str) -> Option<Value> {
        let answer = self.cosmos(reqwest::Method::GET, container, id, None).await;
        let answer = answer.status().is_success().then_some(answer)?;
        Some(serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
    }

    pub(crate) async fn upsert(&self, container: &str, document: &Value) {
        let id = document["id"].as_str().unwrap();
        let answer = self.cosmos(reqwest::Method::POST, container, id, Some(document)).await;
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// All documents of a container.
    pub(crate) async fn documents(&self, container: &str) -> Vec<Value> {
        let url = format!("{}dbs/iommi/colls/{container}/docs", self.host().cosmos_url());
        let request = self.http.get(url).header("x-ms-version", VERSION);
        let answer = request.send().await.unwrap().bytes().await.unwrap();
        let feed: Value = serde_json::from_slice(&answer).unwrap();
        feed["Documents"].as_array().unwrap_or_else(|| panic!("{feed}")).clone()
    }

    async fn cosmos(
        &self,
        method: reqwest::Method,
        container: &str,
        id: &str,
        body: Option<&Value>,
    ) -> reqwest::Response {
        let documents = format!("{}dbs/iommi/colls/{container}/docs", self.host().cosmos_url());
        let url = if body.is_some() { documents } else { format!("{documents}/{id}") };
        let mut request = self
            .http
            .request(method, url)
            .header("x-ms-version", VERSION)
            .header("x-ms-documentdb-partitionkey", format!("[\"{id}\"]"))
            .header("x-ms-documentdb-is-upsert", "true");
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        request.send().await.unwrap()
    }
}
