//! Where the apps under test send their telemetry: OTLP over HTTP (protobuf). It forgets nothing, as what is looked for may
//! be in the first message.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What came in one request.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// `/v1/traces`, `/v1/logs` or `/v1/metrics`.
    pub(crate) path: String,
    /// As it came.
    pub(crate) body: Bytes,
}

type Received = Arc<Mutex<Vec<Message>>>;

/// Listens until it is dropped.
#[derive(Debug)]
pub(crate) struct Receiver {
    url: String,
    received: Received,
    listening: JoinHandle<()>,
}

impl Receiver {
    /// On a free port.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Received::default();
        let listening = tokio::spawn(listen(listener, Arc::clone(&received)));
        Self { url, received, listening }
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// All that came so far.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, received: Received) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&received)));
    }
}

async fn serve(stream: TcpStream, received: Received) {
    let answer = service_fn(move |request| take(request, Arc::clone(&received)));
    // A handler that ends closes its connection as it likes.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
}

async fn take(
    request: Request<Incoming>,
    received: Received,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    if let Ok(body) = request.into_body().collect().await {
        let message = Message { path, body: body.to_bytes() };
        received.lock().unwrap_or_else(PoisonError::into_inner).push(message);
    }
    // An empty message of protobuf: all was taken.
    Ok(Response::new(Full::default()))
}
