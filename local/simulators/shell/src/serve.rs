//! A loopback port and its connections.

use std::{sync::Arc, time::Duration};

use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

use crate::{Simulator, routes, running::Shared};

/// How long a client may take to send the head of a request; a connection that is silent as long is closed.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(240);
/// A pause after a failed accept, so that running out of file descriptors does not become a busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stopping` turns true; then requests in work are finished. Dropped, its connections end with it.
pub(crate) async fn serve<S: Simulator>(
    listener: TcpListener,
    shared: Arc<Shared<S>>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        if connections.len() >= S::MAX_CONNECTIONS {
            connections.join_next().await;
        }
        let accepted = tokio::select! {
            // An error means that the one who could stop it is gone: a reason to stop as well.
            _ = stopping.wait_for(|stop| *stop) => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, Arc::clone(&shared), stopping.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "accepting a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    while connections.join_next().await.is_some() {}
}

async fn connection<S: Simulator>(
    stream: TcpStream,
    shared: Arc<Shared<S>>,
    mut stopping: watch::Receiver<bool>,
) {
    // Answers are small: waiting to fill a segment would add 40 ms to some of them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "switching off Nagle's algorithm");
    }
    let service = service_fn(move |request| routes::answer(Arc::clone(&shared), request));
    let serving = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    let mut serving = std::pin::pin!(serving);
    // An error means that the one who could stop it is gone: a reason to stop as well.
    let stop = async { stopping.wait_for(|stop| *stop).await.is_ok() };
    let served = tokio::select! {
        served = serving.as_mut() => served,
        _ = stop => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}
