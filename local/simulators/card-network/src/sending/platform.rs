//! The platform's gateway, as the network reaches it.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::Full;
use jiff::{SignedDuration, Timestamp};
use local_wire::HttpClient;
use serde_json::Value;
use tokio::time::timeout;

use super::{message::Message, signature};

/// How long the network waits until somebody has taken a fact; a question has less, see there.
const PATIENCE: Duration = Duration::from_secs(10);
/// Somebody else's key.
const FORGED_KEY: &[u8] = b"a-key-that-is-nobodys-but-a-thief";
/// The age of a recording, in seconds: older than the platform may take.
const RECORDED_S: i64 = 600;

/// The platform's gateway, and what it knows the network by.
pub(crate) struct Platform {
    url: String,
    key: Option<String>,
    signing_key: Vec<u8>,
    client: HttpClient,
}

/// An answer, as far as the network cares.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Platform {
    pub(crate) fn new(url: String, key: Option<String>, signing_key: Vec<u8>) -> Self {
        Self { url, key, signing_key, client: HttpClient::new() }
    }

    /// Signed with the network's key. `None`: no answer in time.
    pub(super) async fn tell(&self, message: &Message, at: Timestamp) -> Option<Answer> {
        let body = message.body.to_string();
        let signature = signature::signature(&self.signing_key, at, &body);
        self.send(message.path, body, &signature).await
    }

    /// Signed by somebody else.
    pub(super) async fn forge(&self, message: &Message, at: Timestamp) -> Option<Answer> {
        let body = message.body.to_string();
        let signature = signature::signature(FORGED_KEY, at, &body);
        self.send(message.path, body, &signature).await
    }

    /// Signed by the network, ten minutes ago.
    pub(super) async fn replay(&self, message: &Message, at: Timestamp) -> Option<Answer> {
        let then = at.saturating_sub(SignedDuration::from_secs(RECORDED_S)).unwrap_or(at);
        self.tell(message, then).await
    }

    async fn send(&self, path: &str, body: String, signature: &str) -> Option<Answer> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}{path}", self.url))
            .header(header::CONTENT_TYPE, "application/json")
            .header(signature::HEADER, signature);
        if let Some(key) = &self.key {
            request = request.header("x-functions-key", key);
        }
        let request = request.body(Full::new(Bytes::from(body))).ok()?;
        let answer = timeout(PATIENCE, self.client.send("telling the platform", request)).await;
        let answer = answer.ok()?.ok()?;
        let body = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
        Some(Answer { status: answer.status().as_u16(), body })
    }
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").field("url", &self.url).finish_non_exhaustive()
    }
}
