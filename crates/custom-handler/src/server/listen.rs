use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use warp::Filter;

use super::Server;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;
/// How long nobody is accepted after that failed: mostly there are too many open files, and some will close.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Listens on the loopback address, which is the only one the host dials.
pub(crate) fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    // A restarted handler gets the same port while old connections linger.
    socket.set_reuseaddr(true)?;
    // Accepted connections inherit it: an answer must not wait for the next acknowledgement.
    socket.set_nodelay(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    socket.listen(BACKLOG)
}

/// Answers on the listener for ever. A connection is HTTP/1.1, as the host speaks it; a server that also looked whether it
/// is HTTP/2 would keep twice the buffer for each client that waits.
pub(crate) async fn serve(server: Server, listener: TcpListener) {
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let filter = warp::any()
        .and(warp::method())
        .and(warp::path::full())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(warp::body::stream())
        .then(move |method, path: warp::path::FullPath, query: String, headers, body| {
            let server = server.clone();
            async move { server.respond(parts(method, path.as_str(), &query, headers), body).await }
        });
    let answer = TowerToHyperService::new(warp::service(filter));
    loop {
        let Some(stream) = accepted(&listener).await else { continue };
        let answer = answer.clone();
        let service = service_fn(move |request: Request<Incoming>| answer.call(detached(request)));
        let conversation = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // A client that hangs up is none of our errors.
        tokio::spawn(async { drop(conversation.await) });
    }
}

/// The next connection. `None`: there was none after all.
async fn accepted(listener: &TcpListener) -> Option<TcpStream> {
    match listener.accept().await {
        Ok((stream, _)) => return Some(stream),
        Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
        Err(error) => {
            tracing::error!(%error, "accepting a connection");
            tokio::time::sleep(ACCEPT_PAUSE).await;
        }
    }
    None
}

/// The request with a head of its own. As it comes, each part of the head is a piece of the connection's buffer, and
/// keeps it: 8 KiB for some hundred bytes, as long as a client waits.
fn detached<B>(request: Request<B>) -> Request<B> {
    let (mut head, body) = request.into_parts();
    head.uri = Uri::try_from(head.uri.to_string()).unwrap_or(head.uri);
    for value in head.headers.values_mut() {
        // They are copied as they are, and so remain valid.
        if let Ok(own) = HeaderValue::from_bytes(value.as_bytes()) {
            *value = own;
        }
    }
    Request::from_parts(head, body)
}

fn parts(method: Method, path: &str, query: &str, headers: HeaderMap) -> http::request::Parts {
    let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = method;
    // It was a URI a moment ago; a part of one is one.
    *request.uri_mut() = Uri::try_from(target).unwrap_or_default();
    *request.headers_mut() = headers;
    request.into_parts().0
}
