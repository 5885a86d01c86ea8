//! Brings reports to Event Grid: to the topic that the local host has for this resource.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::Full;
use local_wire::HttpClient;
use serde_json::json;
use tokio::time::timeout;

use super::{Attempted, Report};

/// How long the topic may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What reports are sent with.
#[derive(Clone)]
pub(crate) struct Courier {
    pub(crate) url: Arc<str>,
    /// What the host asks for in `x-functions-key`, if it asks for one.
    pub(crate) platform_key: Option<Arc<str>>,
    pub(crate) client: Arc<HttpClient>,
}

impl Courier {
    /// One attempt, as often as the report is to come.
    pub(crate) async fn attempt(&self, report: &Report) -> Attempted {
        for _ in 0..report.copies.max(1) {
            if !self.publish(report).await {
                return Attempted::Failed;
            }
        }
        Attempted::Published
    }

    async fn publish(&self, report: &Report) -> bool {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&*self.url)
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8");
        if let Some(key) = &self.platform_key {
            request = request.header("x-functions-key", &**key);
        }
        let body = json!([report.event()]).to_string();
        let request = request.body(Full::new(Bytes::from(body)));
        let request = request.expect("the address was read when we started");
        let sent = timeout(PATIENCE, self.client.send("publishing a report", request)).await;
        matches!(sent, Ok(Ok(answer)) if answer.status().is_success())
    }
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier").field("url", &self.url).finish_non_exhaustive()
    }
}
