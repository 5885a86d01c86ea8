//! How the platform is reached.

use crate::{
    parts::{Kind, NETWORK_KEY, Ports},
    platform::{DEADLINE, LOOK_EVERY},
};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The longest wait for one answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub(crate) struct Addresses {
    http: reqwest::Client,
    gateway: String,
    network: String,
    cosmos: String,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    continuation: Option<String>,
}

impl Addresses {
    pub(crate) fn of(ports: &Ports) -> Self {
        Self {
            http: reqwest::Client::builder().no_proxy().timeout(ANSWER_TIMEOUT).build().unwrap(),
            gateway: format!("http://127.0.0.1:{}", ports.host),
            network: format!("http://127.0.0.1:{}", ports.network),
            cosmos: ports.services().cosmos,
        }
    }

    pub(crate) async fn answers(&self, kind: Kind) -> bool {
        let url = match kind {
            Kind::Data => format!("{}dbs", self.cosmos),
            Kind::Host => format!("{}/admin/host/status", self.gateway),
            Kind::Network => format!("{}/health", self.network),
        };
        self.send(self.http.get(url)).await.is_some_and(|answer| answer.status < 500)
    }

    /// The answer, or none if it was lost.
    async fn send(&self, request: RequestBuilder) -> Option<Answer> {
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        let continuation = answer.headers().get("x-ms-continuation");
        let continuation = continuation.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let bytes = answer.bytes().await.ok()?;
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Some(Answer { status, body, continuation })
    }

    /// Asks until there is a definite answer, as a client does: an answer that was lost, 429 and 5xx are none.
    async fn insist(&self, request: impl Fn() -> RequestBuilder) -> Answer {
        let began = Instant::now();
        loop {
            let said = match self.send(request()).await {
                Some(answer) if answer.status < 500 && answer.status != 429 => return answer,
                Some(answer) => format!("{}: {}", answer.status, answer.body),
                None => "nothing".to_owned(),
            };
            assert!(began.elapsed() < DEADLINE, "{said}");
            sleep(LOOK_EVERY).await;
        }
    }

    fn request(&self, method: Method, url: &str, body: &Value) -> RequestBuilder {
        let request = self.http.request(method, url).header("content-type", "application/json");
        request.bearer_auth(NETWORK_KEY).body(body.to_string())
    }

    /// Asks the app, below `/accounts/v1/`.
    pub(crate) async fn app(&self, method: Method, path: &str, body: &Value) -> Answer {
        let url = format!("{}/accounts/v1/{path}", self.gateway);
        self.insist(|| self.request(method.clone(), &url, body)).await
    }

    /// Reads from the app; none if it does not answer now.
    pub(crate) async fn look(&self, path: &str) -> Option<Value> {
        let url = format!("{}/accounts/v1/{path}", self.gateway);
        let answer = self.send(self.http.get(url)).await?;
        (answer.status == 200).then_some(answer.body)
    }

    /// Asks the card network.
    pub(crate) async fn network(&self, method: Method, path: &str, body: &Value) -> Answer {
        let url = format!("{}/{path}", self.network);
        self.insist(|| self.request(method.clone(), &url, body)).await
    }

    /// What the host's operators do; false if it does not answer, or refuses.
    pub(crate) async fn admin(&self, path: &str) -> bool {
        let url = format!("{}/admin/{path}", self.gateway);
        let done = self.send(self.request(Method::POST, &url, &json!({}))).await;
        done.is_some_and(|answer| answer.status == 200)
    }

    /// All documents of a container, past the app; none while Cosmos DB does not give them.
    pub(crate) async fn documents(&self, container: &str) -> Option<Vec<Value>> {
        let url = format!("{}dbs/accounts/colls/{container}/docs", self.cosmos);
        let (mut documents, mut continuation) = (Vec::new(), None::<String>);
        loop {
            let mut request = self.http.get(&url).header("x-ms-max-item-count", "-1");
            if let Some(continuation) = &continuation {
                request = request.header("x-ms-continuation", continuation);
            }
            let answer = self.send(request).await.filter(|answer| answer.status == 200)?;
            documents.extend(answer.body["Documents"].as_array()?.iter().cloned());
            continuation = answer.continuation;
            if continuation.is_none() {
                return Some(documents);
            }
        }
    }
}
