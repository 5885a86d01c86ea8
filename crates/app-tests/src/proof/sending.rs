//! What others put into storage, and what was published, past every app: over the services' own protocols.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::Value;

use super::Addresses;
use crate::hubs;

const STORAGE_VERSION: &str = "2024-11-04";

impl Addresses {
    /// All events of a hub, partition after partition, each in its order; none while it cannot be read.
    pub async fn events(&self, hub: &str) -> Option<Vec<Value>> {
        hubs::read(&self.http, &self.services.event_hubs, hub).await
    }

    /// Stores a blob by `container/name`, until that is certain.
    pub async fn store_blob(&self, path: &str, content: &str) {
        let url = format!("{}/{path}?{}", self.services.blob, self.signature);
        let store = || {
            let request = self.request(Method::PUT, &url).header("x-ms-version", STORAGE_VERSION);
            request.header("x-ms-blob-type", "BlockBlob").body(content.to_owned())
        };
        let stored = self.insist("storing a blob", |_| false, store).await;
        assert!(stored.status < 300, "{path}: {} {}", stored.status, stored.body);
    }

    /// Sends JSON to a queue, until that is certain: it may be there more than once.
    pub async fn send_message(&self, queue: &str, message: &Value) {
        let url = format!("{}/{queue}/messages?{}", self.services.queue, self.signature);
        let text = STANDARD.encode(message.to_string());
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        let send = || {
            let request = self.request(Method::POST, &url).header("x-ms-version", STORAGE_VERSION);
            request.body(body.clone())
        };
        let sent = self.insist("sending a message", |_| false, send).await;
        assert!(sent.status < 300, "{queue}: {} {}", sent.status, sent.body);
    }
}
