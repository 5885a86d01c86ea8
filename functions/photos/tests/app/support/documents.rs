//! The documents and blobs behind the app, over their own protocols: to see what nobody may see, and to set up what
//! a crash or a long time would leave.

use super::{KIM, TestApp};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

const VERSION: &str = "2020-07-15";

impl TestApp {
    /// The document of Kim's photo.
    pub(crate) async fn document(&self, id: &str) -> Option<Value> {
        self.document_in("photos", KIM, id).await
    }

    pub(crate) async fn document_in(
        &self,
        container: &str,
        partition: &str,
        id: &str,
    ) -> Option<Value> {
        let answer = self.cosmos(Method::GET, container, partition, id, None).await;
        let answer = answer.status().is_success().then_some(answer)?;
        Some(serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
    }

    /// Changes members of the document of Kim's photo, as time or a crash would have.
    pub(crate) async fn change_document(&self, id: &str, members: &Value) {
        self.change_in("photos", KIM, id, members).await;
    }

    /// Changes members of a case, likewise.
    pub(crate) async fn change_case(&self, id: &str, members: &Value) {
        self.change_in("cases", id, id, members).await;
    }

    async fn change_in(&self, container: &str, partition: &str, id: &str, members: &Value) {
        let mut document = self.document_in(container, partition, id).await.unwrap();
        for (name, value) in members.as_object().unwrap() {
            document[name] = value.clone();
        }
        let answer = self.cosmos(Method::POST, container, partition, id, Some(&document)).await;
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// Makes the photo due for the sweep, and runs it.
    pub(crate) async fn sweep(&self, id: &str) {
        self.change_document(id, &json!({"sweepAfter": 0})).await;
        self.invoke("sweep", &json!("")).await;
    }

    async fn cosmos(
        &self,
        method: Method,
        container: &str,
        partition: &str,
        id: &str,
        body: Option<&Value>,
    ) -> reqwest::Response {
        let documents = format!("{}dbs/iommi/colls/{container}/docs", self.host().cosmos_url());
        let url = if body.is_some() { documents } else { format!("{documents}/{id}") };
        let mut request = self
            .http
            .request(method, url)
            .header("x-ms-version", VERSION)
            .header("x-ms-documentdb-partitionkey", format!("[\"{partition}\"]"))
            .header("x-ms-documentdb-is-upsert", "true");
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        request.send().await.unwrap()
    }

    /// The blobs of Kim's photo, as `container/variant`, and `uploads` for the upload.
    pub(crate) async fn blobs(&self, id: &str) -> Vec<String> {
        let mut found = Vec::new();
        for container in ["published", "quarantine"] {
            for variant in super::VARIANTS {
                if self.has_blob(container, &format!("{id}/{variant}")).await {
                    found.push(format!("{container}/{variant}"));
                }
            }
        }
        if self.has_blob("uploads", &format!("{KIM}/{id}")).await {
            found.push("uploads".to_owned());
        }
        found
    }

    async fn has_blob(&self, container: &str, name: &str) -> bool {
        let signature = local_data::account_sas(Timestamp::now() + SignedDuration::from_hours(1));
        let url = format!("{}/{container}/{name}?{signature}", self.host().blob_url());
        let request = self.http.head(url).header("x-ms-version", "2024-11-04");
        match request.send().await.unwrap().status().as_u16() {
            200 => true,
            404 => false,
            other => panic!("{container}/{name}: {other}"),
        }
    }
}
