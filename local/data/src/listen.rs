//! A loopback port, its connections, and their orderly end. HTTP/1.1 and HTTP/2 without TLS on the same port:
//! the Rust SDK for Cosmos DB speaks the latter to `http://` endpoints, everyone else the former.

use std::{
    error::Error as StdError,
    future::Future,
    io,
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{
    Request, Response, StatusCode, Version,
    header::{HOST, TRANSFER_ENCODING},
};
use http_body_util::combinators::BoxBody;
use hyper::{
    body::{Body, Incoming},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::{Semaphore, watch},
    task::JoinSet,
};

use crate::{Error, Fault, Service, options::Port};

/// Connections served at a time by one service; further ones wait in the operating system's backlog.
const MAX_CONNECTIONS: usize = 1024;
/// How long a client may take to send the head of a request; a connection without a request for as long is closed. As
/// long as Azure keeps a quiet connection, so that clients which pool connections meet nothing new here.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(240);
/// A client that speaks HTTP/2 is pinged this often, and given up when the answer takes longer than the timeout.
const PING_INTERVAL: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// A pause after a failed accept, so that running out of file descriptors does not become a busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A response body: in memory or streamed.
pub(crate) type ReplyBody = BoxBody<Bytes, io::Error>;

/// Returned by a handler that wants the connection closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed on purpose")]
pub(crate) struct HangUp;

/// Why a request is not looked at, whatever it asks: what servers behind load balancers refuse, since two of them could
/// read it differently (RFC 9112, sections 3.2 and 6.1).
pub fn malformed<B>(request: &Request<B>) -> Option<StatusCode> {
    let headers = request.headers();
    let hosts = headers.get_all(HOST).iter().count();
    let is_named = hosts == 1 || (hosts == 0 && request.version() != Version::HTTP_11);
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    if !is_named {
        Some(StatusCode::BAD_REQUEST)
    } else if codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"chunked")) {
        Some(StatusCode::NOT_IMPLEMENTED)
    } else {
        None
    }
}

/// Does the work of a request whose answer is late or lost. It is done to its end even when the client goes away, as a
/// service does what has reached it.
pub(crate) async fn disturbed<T: Send + 'static>(
    fault: Fault,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, HangUp> {
    let whole = async move {
        if let Fault::Hold(gate) = &fault {
            gate.pass().await;
        }
        let answer = work.await;
        match &fault {
            Fault::LoseAnswer => return Err(HangUp),
            Fault::HoldAnswer(gate) => gate.pass().await,
            _ => {}
        }
        Ok(answer)
    };
    tokio::spawn(whole).await.unwrap_or(Err(HangUp))
}

/// Takes the port, before any serious work is done.
pub(crate) async fn bind(service: Service, port: Port) -> Result<TcpListener, Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => Error::PortTaken { service, port },
        _ => Error::Listen { service, port, source },
    })
}

/// Serves until `stopping` turns true; then lets each connection finish the request it is at.
pub(crate) async fn serve<H, F, B>(
    listener: TcpListener,
    mut stopping: watch::Receiver<bool>,
    handle: H,
) where
    H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response<B>, HangUp>> + Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let place = Arc::clone(&places).acquire_owned();
        let accepted = tokio::select! {
            () = stopped(&mut stopping) => break,
            accepted = async { (place.await, listener.accept().await) } => accepted,
        };
        match accepted {
            (Ok(place), Ok((stream, _))) => {
                // Answers are small: waiting to fill a segment would add 40 ms to some of them.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "switching off Nagle's algorithm");
                }
                let connection = connection(stream, stopping.clone(), handle.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            (_, Err(error)) => {
                tracing::warn!(%error, "accepting a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
            (Err(_), _) => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn connection<S, H, F, B>(stream: S, mut stopping: watch::Receiver<bool>, handle: H)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    H: Fn(Request<Incoming>) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Response<B>, HangUp>> + Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let begun = AtomicBool::new(false);
    let service = service_fn(|request| {
        begun.store(true, Ordering::Relaxed);
        handle(request)
    });
    let builder = builder();
    let served = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stopped(&mut stopping) => {
            served.as_mut().graceful_shutdown();
            served.await
        }
        () = never_begun(&begun) => {
            tracing::debug!("a connection without a request is closed");
            return;
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

fn builder() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_TIMEOUT)
        // Storage gives the names of metadata back as they were spelled.
        .preserve_header_case(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_TIMEOUT);
    builder
}

/// Returns when a connection's first request is overdue. hyper's own limit begins only when it knows the version of
/// HTTP, for which it waits without one.
async fn never_begun(begun: &AtomicBool) {
    tokio::time::sleep(HEADERS_TIMEOUT).await;
    if begun.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// Returns when the services are told to stop, or are gone.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone: a reason to stop as well.
    let _ = stopping.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests {
    use http_body_util::Empty;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        time::Instant,
    };

    use super::*;

    /// What a client gets that sends `bytes` and waits, until its connection is closed. A pipe in memory: beside a
    /// paused clock the network would always be late.
    async fn answer_until_closed(bytes: &str) -> String {
        let (mut client, server) = tokio::io::duplex(1 << 10);
        let (_stop, stopping) = watch::channel(false);
        let ok = |_| async { Ok(Response::new(Empty::<Bytes>::new())) };
        tokio::spawn(connection(server, stopping, ok));
        client.write_all(bytes.as_bytes()).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        answer
    }

    // The clock is paused: it moves on when nothing else can happen.
    #[tokio::test(start_paused = true)]
    async fn a_connection_that_does_not_finish_its_first_request_is_closed() {
        // Silent; perhaps the beginning of HTTP/2's preface, or of PUT; half a head.
        for bytes in ["", "P", "PUT / HTTP/1.1\r\nhost:"] {
            let began = Instant::now();
            assert!(!answer_until_closed(bytes).await.contains("200"), "{bytes:?}");
            assert_eq!(began.elapsed().as_secs(), HEADERS_TIMEOUT.as_secs(), "{bytes:?}");
        }
    }

    #[test]
    fn a_request_that_two_servers_could_read_differently_is_not_looked_at() {
        let of = |headers: &[(&str, &str)]| {
            let mut request = Request::builder();
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            malformed(&request.body(()).unwrap()).map(|status| status.as_u16())
        };
        let host = ("host", "127.0.0.1");
        assert_eq!(of(&[host, ("transfer-encoding", "chunked")]), None);
        assert_eq!(of(&[]), Some(400));
        assert_eq!(of(&[host, host]), Some(400));
        assert_eq!(of(&[host, ("transfer-encoding", "gzip, chunked")]), Some(501));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_stays_silent_after_a_request_is_closed() {
        let began = Instant::now();
        let answer = answer_until_closed("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert_eq!(began.elapsed().as_secs(), HEADERS_TIMEOUT.as_secs());
    }
}
