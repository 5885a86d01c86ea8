//! The documents behind the app, over Cosmos DB's REST protocol: to see what nobody may see, and to set up what a
//! crash or a long time would leave.

use reqwest::{Method, Response};
use serde_json::Value;

use crate::Platform;

const VERSION: &str = "2020-07-15";

/// The documents of one container.
#[derive(Debug, Clone)]
pub struct Documents<'a> {
    platform: &'a Platform,
    url: String,
}

impl Platform {
    /// A container of the app's own database.
    #[must_use]
    pub fn documents(&self, container: &str) -> Documents<'_> {
        self.documents_of(self.app().name, container)
    }

    /// A container of another app's database, such as a neighbour's.
    #[must_use]
    pub fn documents_of(&self, database: &str, container: &str) -> Documents<'_> {
        let cosmos = self.host().cosmos_url();
        let url = format!("{cosmos}dbs/{database}/colls/{container}/docs");
        Documents { platform: self, url }
    }
}

impl Documents<'_> {
    /// A document, or `None` if there is none.
    pub async fn get(&self, partition: &str, id: &str) -> Option<Value> {
        let answer = self.send(Method::GET, &format!("/{id}"), partition, None).await;
        match answer.status().as_u16() {
            404 => None,
            _ => Some(body(succeeded(answer).await).await),
        }
    }

    /// Stores a document, in place of one with its id.
    pub async fn put(&self, partition: &str, document: &Value) {
        succeeded(self.send(Method::POST, "", partition, Some(document)).await).await;
    }

    /// Replaces members of a document that is there, as time or a crash would have.
    pub async fn change(&self, partition: &str, id: &str, members: &Value) {
        let found = self.get(partition, id).await;
        let mut document = found.unwrap_or_else(|| panic!("{}/{id} is not there", self.url));
        for (name, value) in members.as_object().expect("members are an object") {
            document[name] = value.clone();
        }
        self.put(partition, &document).await;
    }

    /// Removes a document that is there.
    pub async fn delete(&self, partition: &str, id: &str) {
        succeeded(self.send(Method::DELETE, &format!("/{id}"), partition, None).await).await;
    }

    /// All documents of the container.
    pub async fn all(&self) -> Vec<Value> {
        let request = self.platform.http().get(&self.url).header("x-ms-version", VERSION);
        let feed = body(succeeded(request.send().await.unwrap()).await).await;
        feed["Documents"].as_array().unwrap_or_else(|| panic!("{feed}")).clone()
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        partition: &str,
        document: Option<&Value>,
    ) -> Response {
        let mut request = self
            .platform
            .http()
            .request(method, format!("{}{path}", self.url))
            .header("x-ms-version", VERSION)
            .header("x-ms-documentdb-partitionkey", Value::from([partition]).to_string())
            .header("x-ms-documentdb-is-upsert", "true");
        if let Some(document) = document {
            request = request.body(document.to_string());
        }
        request.send().await.unwrap()
    }
}

async fn succeeded(answer: Response) -> Response {
    let (status, url) = (answer.status(), answer.url().clone());
    if status.is_success() {
        return answer;
    }
    panic!("{url}: {status}: {}", answer.text().await.unwrap_or_default())
}

async fn body(answer: Response) -> Value {
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}
