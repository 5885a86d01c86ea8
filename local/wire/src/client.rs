//! One HTTP request, with a deadline and a bounded answer.

use std::{sync::OnceLock, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

/// How long a service may take to answer.
const REQUEST_DEADLINE: Duration = Duration::from_secs(30);
/// The largest answer that is read: a blob trigger reads its blob whole, as the real host does.
const MAX_RESPONSE_BYTES: usize = 256 << 20;

/// Why a service did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// No connection, or it broke.
    #[error(
        "{operation}: {url} cannot be reached ({why}); is the service running, and does the connection name it?"
    )]
    Unreachable {
        /// What was asked for.
        operation: String,
        /// Where, without query.
        url: String,
        /// What broke.
        why: String,
    },
    /// Nothing came in time.
    #[error("{operation}: {url} did not answer within {REQUEST_DEADLINE:?}")]
    TimedOut {
        /// What was asked for.
        operation: String,
        /// Where, without query.
        url: String,
    },
    /// The service said no.
    #[error("{operation}: the service answered {status} {code}")]
    Refused {
        /// What was asked for.
        operation: String,
        /// HTTP status.
        status: u16,
        /// The service's error code, or its message.
        code: String,
    },
    /// An answer that is not what the protocol says.
    #[error("{operation}: the answer cannot be read: {why}")]
    Unreadable {
        /// What was asked for.
        operation: String,
        /// What is wrong with it.
        why: String,
    },
}

impl WireError {
    /// Whether the service refused with this error code.
    pub fn has_code(&self, wanted: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code == wanted)
    }

    /// Whether the service refused with this status.
    pub fn has_status(&self, wanted: u16) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == wanted)
    }

    /// An answer that is not what the protocol says.
    pub fn unreadable(operation: &str, why: impl ToString) -> Self {
        Self::Unreadable { operation: operation.to_owned(), why: why.to_string() }
    }
}

/// A pooled client. Certificates of the system are read on the first `https` request only.
#[derive(Debug)]
pub struct HttpClient {
    plain: Client<HttpConnector, Full<Bytes>>,
    tls: OnceLock<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

impl HttpClient {
    /// A client without connections yet.
    pub fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let plain =
            Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Self { plain, tls: OnceLock::new() }
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub async fn send(
        &self,
        operation: &str,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Bytes>, WireError> {
        let url = request.uri().to_string();
        let url = url.split('?').next().unwrap_or_default().to_owned();
        let unreachable = |why: String| WireError::Unreachable {
            operation: operation.to_owned(),
            url: url.clone(),
            why,
        };
        let exchange = async {
            let sent = match request.uri().scheme_str() {
                Some("https") => self.tls().map_err(&unreachable)?.request(request).await,
                _ => self.plain.request(request).await,
            };
            let (head, body) = sent.map_err(|error| unreachable(root_cause(&error)))?.into_parts();
            let body = Limited::new(body, MAX_RESPONSE_BYTES).collect().await;
            let body = body.map_err(|error| unreachable(error.to_string()))?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        let timed_out =
            || WireError::TimedOut { operation: operation.to_owned(), url: url.clone() };
        tokio::time::timeout(REQUEST_DEADLINE, exchange).await.map_err(|_| timed_out())?
    }

    fn tls(&self) -> Result<&Client<HttpsConnector<HttpConnector>, Full<Bytes>>, String> {
        if let Some(client) = self.tls.get() {
            return Ok(client);
        }
        let provider = rustls::crypto::ring::default_provider();
        let builder = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider);
        let builder =
            builder.map_err(|error| format!("reading the system's certificates: {error}"))?;
        let connector = builder.https_only().enable_http1().build();
        let client =
            Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Ok(self.tls.get_or_init(|| client))
    }
}

impl Default for HttpClient {
    fn default() -> Self {
        Self::new()
    }
}

/// The innermost message: "connection refused" says more than "client error".
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
