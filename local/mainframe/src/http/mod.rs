//! The mainframe's address: a page for people, JSON for programs.

mod access;
mod form;
mod json;
mod page;
mod reply;
mod routes;
mod status;

use std::{convert::Infallible, sync::Arc, time::Duration};

use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::intake::Machine;

/// Connections at a time; further ones wait in the operating system's backlog.
const MAX_CONNECTIONS: usize = 64;
/// How long a client may take to send the head of a request.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(30);
/// A pause after a failed accept, so that running out of file descriptors does not become a busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves on `listener` until `stopping` turns true.
pub(crate) async fn serve(
    listener: TcpListener,
    machine: Arc<Machine>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        if connections.len() >= MAX_CONNECTIONS {
            connections.join_next().await;
        }
        let accepted = tokio::select! {
            // An error means that the one who could stop it is gone: a reason to stop as well.
            _ = stopping.wait_for(|stop| *stop) => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, Arc::clone(&machine)));
            }
            Err(error) => {
                tracing::warn!(%error, "accepting a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(stream: tokio::net::TcpStream, machine: Arc<Machine>) {
    // Answers are small: waiting to fill a segment would add 40 ms to some of them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "switching off Nagle's algorithm");
    }
    let service = service_fn(|request| {
        let machine = Arc::clone(&machine);
        async move { Ok::<_, Infallible>(routes::answer(&machine, request).await) }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS_TIMEOUT);
    if let Err(error) = builder.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(error, "a connection ended early");
    }
}
