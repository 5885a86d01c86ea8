//! The data services as the page reads them: over their own protocols, like any other client.
//!
//! Nothing is read from a service with a simulated fault: a look at the page must not use up what a test has set.

mod blobs;
mod cosmos;
mod queues;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Full;

use crate::{
    endpoints::Endpoints,
    local_endpoints,
    query::escape,
    triggers::{HttpClient, WireError},
};
pub(super) use blobs::{BlobContainerSummary, BlobSummary};
pub(super) use cosmos::ContainerSummary;
pub(super) use queues::{PeekedMessage, QueueSummary, origin_of};

/// The version of the storage protocols that is spoken.
const STORAGE_VERSION: &str = "2021-12-02";

/// A client of the three local services.
#[derive(Debug)]
pub(super) struct Services {
    http: HttpClient,
    cosmos: String,
    blob: String,
    queue: String,
    signature: String,
}

/// A page of something, and where the next one begins.
#[derive(Debug)]
pub(super) struct Listed<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

/// A request to one of the services.
struct Ask<'a> {
    /// What it is, for errors.
    operation: &'a str,
    method: Method,
    url: String,
    headers: &'a [(&'static str, String)],
    body: Bytes,
}

impl Services {
    pub(super) fn new(endpoints: &Endpoints) -> Self {
        Self {
            http: HttpClient::new(),
            cosmos: endpoints.cosmos.trim_end_matches('/').to_owned(),
            blob: endpoints.blob.clone(),
            queue: endpoints.queue.clone(),
            signature: local_endpoints::signature(),
        }
    }

    /// The client, for calls to the gateway itself.
    pub(super) fn http(&self) -> &HttpClient {
        &self.http
    }

    /// A storage URL: the path with its slash, escaped; the query without `?`, or empty.
    fn signed(&self, base: &str, path: &str, query: &str) -> String {
        let joint = if query.is_empty() { "" } else { "&" };
        format!("{base}{path}?{query}{joint}{}", self.signature)
    }

    async fn get(&self, operation: &str, url: String) -> Result<Response<Bytes>, WireError> {
        self.ask(Ask { operation, method: Method::GET, url, headers: &[], body: Bytes::new() })
            .await
    }

    /// Sends a request; any status but 2xx is an error.
    async fn ask(&self, ask: Ask<'_>) -> Result<Response<Bytes>, WireError> {
        let Ask { operation, method, url, headers, body } = ask;
        let mut request = Request::builder().method(method).uri(url);
        if !headers.iter().any(|(name, _)| *name == "x-ms-version") {
            request = request.header("x-ms-version", STORAGE_VERSION);
        }
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request
            .body(Full::new(body))
            .map_err(|error| WireError::unreadable(operation, error))?;
        let response = self.http.send(operation, request).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let named = response.headers().get("x-ms-error-code").and_then(|code| code.to_str().ok());
        let code = named.map_or_else(|| message_of(response.body()), str::to_owned);
        let status = response.status().as_u16();
        Err(WireError::Refused { operation: operation.to_owned(), status, code })
    }
}

/// What Cosmos DB says about an error: the first line, the rest is ids of its own.
fn message_of(body: &[u8]) -> String {
    let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let text = json["message"].as_str().unwrap_or("without a message");
    text.lines().next().unwrap_or_default().to_owned()
}

fn text_of<'a>(operation: &str, response: &'a Response<Bytes>) -> Result<&'a str, WireError> {
    std::str::from_utf8(response.body()).map_err(|error| WireError::unreadable(operation, error))
}

fn header(response: &Response<Bytes>, name: &str) -> Option<String> {
    response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
