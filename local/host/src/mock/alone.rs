//! `iommi mock FILE`: a contract, any OpenAPI 3 document, served without an app.

use std::{
    convert::Infallible,
    io,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};

use super::{
    LOOK_INTERVAL, cors,
    live::{Live, Look},
};
use crate::{Log, gateway::REQUEST_BODY_MAX_BYTES, http::body};

/// Connections served at the same time; more wait.
const CONNECTIONS_MAX: usize = 512;
/// How long a client may take to send a request's headers.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(30);
/// The pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// What its lines in the log are called.
const SOURCE: &str = "mock";

/// A contract that is served alone.
#[derive(Debug)]
pub struct Alone {
    live: Arc<Live>,
    listener: TcpListener,
    /// Where it listens.
    pub address: SocketAddr,
    log: Log,
}

/// Why a contract is not served.
#[derive(Debug, thiserror::Error)]
pub enum AloneError {
    /// It cannot be read.
    #[error("{0}")]
    Contract(String),
    /// The port is taken.
    #[error(
        "listening on port {port} of 127.0.0.1: {source}; choose another port with --port (--port 0 takes a free one)"
    )]
    Listen {
        /// The port.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
}

impl Alone {
    /// Reads the contract and listens on a port of 127.0.0.1; 0 takes a free one.
    ///
    /// # Errors
    /// The contract cannot be read, or the port is taken.
    pub async fn open(file: &Path, port: u16, log: Log) -> Result<Self, AloneError> {
        let live = Live::read(file);
        if live.contract().is_none() {
            let missing = || format!("reading {}: there is no such file", file.display());
            return Err(AloneError::Contract(live.problem().unwrap_or_else(missing)));
        }
        let taken = |source| AloneError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        Ok(Self { live: Arc::new(live), listener, address, log })
    }

    /// The address and what is answered there, for people.
    #[must_use]
    pub fn banner(&self) -> String {
        let Some(contract) = self.live.contract() else { return String::new() };
        let mut text = format!("{} at http://{}\n", contract.title, self.address);
        for operation in &contract.operations {
            text.push_str(&format!("  {:<7} {}\n", operation.method.as_str(), operation.path));
        }
        if !contract.base_path().is_empty() {
            text.push_str(&format!(
                "Paths may begin with {}, as the contract's first server has it.\n",
                contract.base_path()
            ));
        }
        text
    }

    /// Serves until the future is dropped.
    pub async fn serve(self) {
        let Self { live, listener, log, .. } = self;
        tokio::select! {
            () = accept(&listener, &live, &log) => {}
            () = watch(&live, &log) => {}
        }
    }
}

async fn accept(listener: &TcpListener, live: &Arc<Live>, log: &Log) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let (live, log) = (Arc::clone(live), log.clone());
                connections.spawn(async move {
                    connection(stream, live, log).await;
                    drop(place);
                });
            }
            Err(error) => {
                log.warn(SOURCE, format_args!("accepting a connection: {error}"));
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, live: Arc<Live>, log: Log) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let (live, log) = (Arc::clone(&live), log.clone());
        async move { Ok::<_, Infallible>(answer(&live, &log, request).await.map(Full::new)) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    // It ends with an error when its client leaves, which is nobody's business.
    let _ = connection.await;
}

async fn answer(live: &Live, log: &Log, request: Request<Incoming>) -> Response<Bytes> {
    let origin = cors::origin(&request);
    let about = format!("{} {}", request.method(), request.uri().path());
    let mut response = respond(live, log, request).await;
    cors::allow(origin, response.headers_mut());
    log.info(SOURCE, format_args!("{about} {}", response.status().as_u16()));
    response
}

async fn respond(live: &Live, log: &Log, request: Request<Incoming>) -> Response<Bytes> {
    let refused = |status| {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = status;
        response
    };
    let Some(contract) = live.contract() else { return refused(http::StatusCode::NOT_FOUND) };
    let methods = contract.methods(request.uri().path());
    if cors::is_preflight(&request) && !methods.contains(&Method::OPTIONS) {
        return cors::preflight(&request, &methods);
    }
    let (mut parts, body) = request.into_parts();
    // A head is that of what GET would answer (RFC 9110, section 9.3.2); hyper leaves out the body.
    if parts.method == Method::HEAD && !methods.contains(&Method::HEAD) {
        parts.method = Method::GET;
    }
    let body = match body::read(body, REQUEST_BODY_MAX_BYTES).await {
        Ok(body) => body,
        Err(error) => return refused(error.status()),
    };
    let (response, complaint) = contract.answer(&Request::from_parts(parts, body), |_| false);
    if let Some(complaint) = complaint {
        log.warn(SOURCE, complaint);
    }
    response
}

async fn watch(live: &Arc<Live>, log: &Log) {
    loop {
        tokio::time::sleep(LOOK_INTERVAL).await;
        let looked_at = Arc::clone(live);
        match tokio::task::spawn_blocking(move || looked_at.look()).await {
            Ok(Look::Same) => {}
            Ok(Look::Changed) => {
                let count = live.contract().map_or(0, |contract| contract.operations.len());
                log.info(SOURCE, format_args!("the contract was saved: {count} operations"));
            }
            Ok(Look::Broken(problem)) => {
                log.error(
                    SOURCE,
                    format_args!("{problem}; the last good contract is answered from"),
                );
            }
            Err(_) => return,
        }
    }
}
