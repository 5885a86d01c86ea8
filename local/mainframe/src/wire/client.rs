//! One request, with a deadline and a bounded answer.

use std::{str::FromStr, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// How long a service may take to answer.
const REQUEST_DEADLINE: Duration = Duration::from_secs(20);
/// The largest answer: 32 messages of 64 KiB, or a payload.
const MAX_ANSWER_BYTES: usize = 8 << 20;
/// The version of the protocol.
const VERSION: &str = "2024-11-04";
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Why a service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    /// No connection, or it broke.
    #[error("{what}: the service cannot be reached: {why}")]
    Unreachable { what: String, why: String },
    /// Nothing came in time.
    #[error("{what}: no answer within {REQUEST_DEADLINE:?}")]
    TimedOut { what: String },
    /// The service said no.
    #[error("{what}: the service answered {status} {code}")]
    Refused { what: String, status: StatusCode, code: String },
    /// An answer that is not what the protocol says.
    #[error("{what}: the answer cannot be read: {why}")]
    Unreadable { what: String, why: String },
}

impl WireError {
    /// Whether there is no such thing.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::NOT_FOUND)
    }

    /// Whether somebody else has taken the message since.
    pub(crate) fn is_receipt_stale(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "PopReceiptMismatch")
    }
}

/// A storage service's address: `http://127.0.0.1:10001/devstoreaccount1?SIGNATURE`.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    /// Scheme, authority and path, without a slash at the end.
    base: String,
    signature: String,
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|error| format!("not a URL: {error}"))?;
        if uri.scheme_str() != Some("http") {
            return Err("the simulator speaks http to this machine, nothing else".to_owned());
        }
        let host = uri.host().unwrap_or_default();
        let is_loopback = host == "localhost"
            || host.parse().is_ok_and(|ip: std::net::Ipv4Addr| ip.is_loopback());
        if !is_loopback {
            return Err("not an address of this machine".to_owned());
        }
        let (base, signature) = text.split_once('?').unwrap_or((text, ""));
        Ok(Self { base: base.trim_end_matches('/').to_owned(), signature: signature.to_owned() })
    }
}

/// A pool of connections to one service.
#[derive(Clone, Debug)]
pub(super) struct HttpClient {
    endpoint: Endpoint,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl HttpClient {
    pub(super) fn new(endpoint: Endpoint) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client =
            Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Self { endpoint, client }
    }

    /// Sends a request. `path` begins with a slash and is escaped, `query` as well; `what` is for errors.
    pub(super) async fn send(
        &self,
        what: &str,
        method: Method,
        path: &str,
        query: &str,
        body: String,
    ) -> Result<Response<Bytes>, WireError> {
        let Endpoint { base, signature } = &self.endpoint;
        let and = if query.is_empty() { "" } else { "&" };
        let request = Request::builder()
            .method(method)
            .uri(format!("{base}{path}?{query}{and}{signature}"))
            .header("x-ms-version", VERSION)
            .body(Full::from(body))
            .map_err(|error| WireError::Unreadable {
                what: what.to_owned(),
                why: error.to_string(),
            })?;
        let answer = tokio::time::timeout(REQUEST_DEADLINE, self.exchange(what, request))
            .await
            .map_err(|_| WireError::TimedOut { what: what.to_owned() })??;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let code = answer.headers().get("x-ms-error-code").and_then(|code| code.to_str().ok());
        Err(WireError::Refused {
            what: what.to_owned(),
            status: answer.status(),
            code: code.unwrap_or_default().to_owned(),
        })
    }

    async fn exchange(
        &self,
        what: &str,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Bytes>, WireError> {
        let unreachable = |why: String| WireError::Unreachable { what: what.to_owned(), why };
        let answer =
            self.client.request(request).await.map_err(|error| unreachable(root(&error)))?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| unreachable(error.to_string()))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

/// A text as a part of a path or query.
pub(super) fn escape(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, UNRESERVED)
}

/// The innermost message: "connection refused" says more than "client error".
fn root(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_an_endpoint() {
        assert!("http://127.0.0.1:10001/devstoreaccount1?sv=1".parse::<Endpoint>().is_ok());
        for wrong in ["https://iommi.queue.core.windows.net", "http://10.0.0.1/x", "queue", ""] {
            assert!(wrong.parse::<Endpoint>().is_err(), "{wrong}");
        }
    }
}
