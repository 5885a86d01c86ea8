//! The app's HTTP API, as far as this command needs it.

use crate::apps::App;
use reqwest::{Client, Method, RequestBuilder, Url, header};
use serde_json::Value;
use std::time::Duration;

/// The longest we wait for one answer. A page of letters is dealt with in it.
const DEADLINE: Duration = Duration::from_secs(120);

/// Why a command ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{status} {title}: {detail}")]
    Refused { status: u16, title: String, detail: String },
    #[error("asking the app: {0}")]
    Unreachable(String),
    #[error("{0}")]
    Usage(String),
}

/// The API of one app.
#[derive(Clone)]
pub(crate) struct Api {
    client: Client,
    base: Url,
    key: Option<String>,
    pub(crate) app: App,
}

/// An answer: its body, and its version if it has one.
pub(crate) struct Answer {
    pub(crate) body: Value,
    pub(crate) etag: Option<String>,
}

impl Failure {
    /// Whether it was an answer with this status.
    pub(crate) fn is(&self, statuses: &[u16]) -> bool {
        matches!(self, Self::Refused { status, .. } if statuses.contains(status))
    }
}

impl Api {
    pub(crate) fn new(url: &str, key: Option<String>, app: App) -> Result<Self, Failure> {
        let base: Url =
            url.parse().map_err(|error| Failure::Usage(format!("--url {url}: {error}")))?;
        let client = Client::builder().timeout(DEADLINE).build();
        let client =
            client.map_err(|error| Failure::Usage(format!("starting the HTTP client: {error}")))?;
        Ok(Self { client, base, key, app })
    }

    pub(crate) async fn get(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Answer, Failure> {
        let mut url = self.url(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.send(self.client.request(Method::GET, url)).await
    }

    pub(crate) async fn post(&self, path: &[&str], body: &Value) -> Result<Answer, Failure> {
        self.send(json(self.client.request(Method::POST, self.url(path)?), body)).await
    }

    pub(crate) async fn put(
        &self,
        path: &[&str],
        etag: &str,
        body: &Value,
    ) -> Result<Answer, Failure> {
        let request =
            self.client.request(Method::PUT, self.url(path)?).header(header::IF_MATCH, etag);
        self.send(json(request, body)).await
    }

    /// The URL of a path below the app's; segments are escaped.
    fn url(&self, path: &[&str]) -> Result<Url, Failure> {
        let mut url = self.base.clone();
        let unusable = |()| Failure::Usage(format!("--url {} cannot have a path", self.base));
        url.path_segments_mut()
            .map_err(unusable)?
            .pop_if_empty()
            .extend(self.app.prefix.split('/'))
            .extend(path);
        Ok(url)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, Failure> {
        let request = match &self.key {
            Some(key) => request.header("x-functions-key", key),
            None => request,
        };
        let unreachable = |error: reqwest::Error| Failure::Unreachable(chain(&error));
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let etag = response
            .headers()
            .get(header::ETAG)
            .and_then(|tag| tag.to_str().ok())
            .map(str::to_owned);
        let bytes = response.bytes().await.map_err(unreachable)?;
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok(Answer { body, etag });
        }
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let title = Some(text("title")).filter(|title| !title.is_empty());
        let title =
            title.unwrap_or_else(|| status.canonical_reason().unwrap_or_default().to_owned());
        Err(Failure::Refused { status: status.as_u16(), title, detail: text("detail") })
    }
}

fn json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request.header(header::CONTENT_TYPE, "application/json").body(body.to_string())
}

/// What went wrong and why: the first text alone only names the URL.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
