use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use tokio::net::{TcpListener, TcpSocket};
use warp::Filter;

use super::Server;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

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

/// Answers on the listener for ever.
pub(crate) async fn serve(server: Server, listener: TcpListener) {
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let answer = warp::any()
        .and(warp::method())
        .and(warp::path::full())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(warp::body::stream())
        .then(move |method, path: warp::path::FullPath, query: String, headers, body| {
            let server = server.clone();
            async move { server.respond(parts(method, path.as_str(), &query, headers), body).await }
        });
    warp::serve(answer).incoming(listener).run().await;
}

fn parts(method: Method, path: &str, query: &str, headers: HeaderMap) -> http::request::Parts {
    let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let mut request = http::Request::new(Bytes::new());
    *request.method_mut() = method;
    // It was a URI a moment ago; a part of one is one.
    *request.uri_mut() = Uri::try_from(target).unwrap_or_default();
    *request.headers_mut() = headers;
    request.into_parts().0
}
