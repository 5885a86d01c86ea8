//! Accepting connections.

use std::{convert::Infallible, net::IpAddr, sync::Arc, time::Duration};

use http::{Request, Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};

use super::ReplyBody;
use crate::{Log, log::HOST};

/// Connections served at the same time; more wait in the listener's queue.
const CONNECTIONS_MAX: usize = 4_096;

/// How long a client may take to send a request's headers, as in Kestrel.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(30);

/// The pause after a failed accept, such as one for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Answers every request, given who sent it, until the task is aborted; open connections end with it.
pub(crate) async fn serve<A, F>(listener: TcpListener, log: Log, answer: A)
where
    A: Fn(Request<Incoming>, IpAddr) -> F + Send + Sync + 'static,
    F: Future<Output = Response<ReplyBody>> + Send + 'static,
{
    let answer = Arc::new(answer);
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, peer)) => {
                connections.spawn(connection(stream, peer.ip(), Arc::clone(&answer), place));
            }
            Err(error) => {
                log.warn(HOST, format_args!("accepting a connection: {error}"));
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection<A, F>(
    stream: TcpStream,
    peer: IpAddr,
    answer: Arc<A>,
    _place: OwnedSemaphorePermit,
) where
    A: Fn(Request<Incoming>, IpAddr) -> F,
    F: Future<Output = Response<ReplyBody>>,
{
    // Without it small answers wait for the client's acknowledgement of the ones before.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let answered = answer(request, peer);
        async move { Ok::<_, Infallible>(answered.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    // A connection ends with an error when its client leaves or an answer broke off; both are told elsewhere.
    let _ = connection.await;
}
