//! A loopback port and its connections.

use crate::{routes, simulator::State};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};

/// Connections served at a time; further ones wait in the operating system's backlog.
const MAX_CONNECTIONS: usize = 256;
/// How long a client may take to send the head of a request; a connection that is silent as long is closed.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(240);
/// A pause after a failed accept, so that running out of file descriptors does not become a busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves for as long as it is polled; its connections end with it.
pub(crate) async fn serve(listener: TcpListener, state: Arc<State>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        while connections.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => {
                let state = Arc::clone(&state);
                connections.spawn(async move {
                    connection(stream, state).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "accepting a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    // Answers are small: waiting to fill a segment would add 40 ms to some of them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "switching off Nagle's algorithm");
    }
    let service = service_fn(move |request| routes::answer(Arc::clone(&state), request));
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = served.await {
        tracing::debug!(%error, "a connection ended early");
    }
}
