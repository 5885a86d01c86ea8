//! The way to the receiver. The exporter waits on a thread of its own, which has no runtime: requests run on ours.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::{
    client::legacy::{Client as HyperClient, connect::HttpConnector},
    rt::TokioExecutor,
};
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use tokio::{runtime::Handle, time::timeout};

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer: it says what was not taken.
const ANSWER_MAX_BYTES: usize = 64 << 10;

#[derive(Clone, Debug)]
pub(super) struct Client {
    runtime: Handle,
    http: HyperClient<HttpConnector, Full<Bytes>>,
}

impl Client {
    pub(super) fn new(runtime: Handle) -> Self {
        let http = HyperClient::builder(TokioExecutor::new()).build_http();
        Self { runtime, http }
    }
}

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.http.request(request.map(Full::new));
        let exchange = async {
            let (head, body) = answer.await?.into_parts();
            let body = Limited::new(body, ANSWER_MAX_BYTES).collect().await?.to_bytes();
            Ok(Response::from_parts(head, body))
        };
        self.runtime.spawn(async { timeout(TIMEOUT, exchange).await? }).await?
    }
}
