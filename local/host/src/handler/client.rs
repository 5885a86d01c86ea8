//! The connection pool to one handler process. It dies with the process, so that no request of a new process meets a
//! connection of the old one.

use std::time::Duration;

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response, Uri,
    uri::{Authority, PathAndQuery, Scheme},
};
use http_body_util::{BodyExt as _, Empty, combinators::UnsyncBoxBody};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, Error, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

/// Shorter than the 5 s after which Node and Python servers close an idle connection: a request that meets the closing
/// would fail.
const IDLE_CONNECTION_TIMEOUT: Duration = Duration::from_secs(4);

/// Any error that a body may end with.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A request body on its way to a handler.
pub(crate) type HandlerBody = UnsyncBoxBody<Bytes, BoxError>;

/// Dials `127.0.0.1` and nothing else.
#[derive(Clone, Debug)]
pub(crate) struct HandlerClient {
    authority: Authority,
    http: Client<HttpConnector, HandlerBody>,
}

impl HandlerClient {
    pub(crate) fn new(port: u16) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let http = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION_TIMEOUT)
            .build(connector);
        let authority =
            format!("127.0.0.1:{port}").parse().expect("an address and a port are an authority");
        Self { authority, http }
    }

    /// The `Host` header of requests that the host makes itself.
    pub(crate) fn host(&self) -> HeaderValue {
        HeaderValue::from_str(self.authority.as_str())
            .expect("an address and a port are a header's value")
    }

    /// Sends a request to `target`. The `Host` header stays when there is one.
    pub(crate) async fn send(
        &self,
        mut request: Request<HandlerBody>,
        target: PathAndQuery,
    ) -> Result<Response<Incoming>, SendError> {
        let mut uri = http::uri::Parts::default();
        uri.scheme = Some(Scheme::HTTP);
        uri.authority = Some(self.authority.clone());
        uri.path_and_query = Some(target);
        *request.uri_mut() = Uri::from_parts(uri).map_err(|_| SendError::Path)?;
        self.http.request(request).await.map_err(SendError::Http)
    }

    /// `GET /`, as the readiness check sends it.
    pub(crate) async fn ping(&self) -> Result<Response<Incoming>, SendError> {
        self.send(Request::new(empty_body()), PathAndQuery::from_static("/")).await
    }
}

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    #[error("the path is not one that HTTP can carry")]
    Path,
    #[error("{}", innermost(.0))]
    Http(Error),
}

impl SendError {
    /// Whether no connection came about: nothing of the request has been sent.
    pub(crate) fn is_connect(&self) -> bool {
        matches!(self, Self::Http(error) if error.is_connect())
    }
}

/// The library's outer errors say "client error"; the innermost says what happened.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// A body of nothing.
pub(crate) fn empty_body() -> HandlerBody {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}
