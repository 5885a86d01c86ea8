//! How a client spells its headers. Names of metadata keep their upper case on Azure, and the SDK for Python shows it;
//! the `http` crate knows lower case only.
//!
//! hyper keeps the spelling of a request in an extension that it alone can read, and writes a response that carries
//! the extension with it (`http1::Builder::preserve_header_case`). So it is asked to do just that, in memory: to write
//! the headers of a request whose spelling is wanted, and to read headers whose spelling is to be kept.

use std::{
    convert::Infallible,
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::FutureExt;
use http::{Extensions, HeaderName, HeaderValue, Request, Response};
use http_body_util::Empty;
use hyper::{
    body::Incoming,
    rt::{Read, ReadBufCursor, Write},
    server::conn::http1,
    service::service_fn,
};

/// These names as the request spelled them; in lower case if that is not known.
pub(super) fn of_request(extensions: &Extensions, names: &[&HeaderName]) -> Vec<String> {
    let mut response = Response::new(Empty::new());
    *response.extensions_mut() = extensions.clone();
    for name in names {
        response.headers_mut().insert(*name, HeaderValue::from_static(""));
    }
    let written =
        exchange(Bytes::from_static(b"GET / HTTP/1.1\r\n\r\n"), move |_| response.clone());
    let lines =
        written.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let spelled: Vec<&str> =
        lines.filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect();
    let find = |name: &&HeaderName| {
        let found = spelled.iter().find(|spelled| spelled.eq_ignore_ascii_case(name.as_str()));
        found.map_or_else(|| name.as_str().to_owned(), |found| (*found).to_owned())
    };
    names.iter().map(find).collect()
}

/// What a response carries so that these headers are written as they are spelled here.
pub(super) fn for_response(names: &[String]) -> Extensions {
    let lines: String = names.iter().map(|name| format!("{name}: \r\n")).collect();
    let kept = Arc::new(Mutex::new(Extensions::new()));
    let keeper = Arc::clone(&kept);
    exchange(format!("GET / HTTP/1.1\r\n{lines}\r\n").into(), move |request| {
        if let Ok(mut kept) = keeper.lock() {
            kept.clone_from(request.extensions());
        }
        Response::new(Empty::new())
    });
    kept.lock().map(|kept| kept.clone()).unwrap_or_default()
}

/// Lets hyper serve one request from memory, and returns what it wrote.
fn exchange(
    request: Bytes,
    answer: impl Fn(Request<Incoming>) -> Response<Empty<Bytes>> + Send + Sync + 'static,
) -> Vec<u8> {
    let written = Arc::new(Mutex::new(Vec::new()));
    let wire = Wire { request, written: Arc::clone(&written) };
    let service =
        service_fn(move |request| std::future::ready(Ok::<_, Infallible>(answer(request))));
    let mut builder = http1::Builder::new();
    // The request's end is there before its answer.
    builder.preserve_header_case(true).half_close(true);
    // Nothing in it waits, so that it is done at once.
    if let Some(Err(error)) = builder.serve_connection(wire, service).now_or_never() {
        tracing::debug!(%error, "reading or writing the spelling of headers");
    }
    written.lock().map(|written| written.clone()).unwrap_or_default()
}

/// A connection in memory: it gives the request, then its end, and takes the answer.
struct Wire {
    request: Bytes,
    written: Arc<Mutex<Vec<u8>>>,
}

impl Read for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let part = self.request.len().min(buffer.remaining());
        buffer.put_slice(&self.request.split_to(part));
        Poll::Ready(Ok(()))
    }
}

impl Write for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.written.lock() {
            Ok(mut written) => written.extend_from_slice(bytes),
            Err(_) => return Poll::Ready(Err(io::ErrorKind::Other.into())),
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelling_is_kept_and_read_back() {
        let spelled =
            ["x-ms-meta-CamelCase", "X-Ms-Meta-other", "x-ms-meta-plain"].map(str::to_owned);
        let names: Vec<HeaderName> = spelled.iter().map(|name| name.parse().unwrap()).collect();
        let extensions = for_response(&spelled);
        assert_eq!(of_request(&extensions, &names.iter().collect::<Vec<_>>()), spelled);
    }

    #[test]
    fn without_a_spelling_names_are_in_lower_case() {
        let name: HeaderName = "x-ms-meta-Name".parse().unwrap();
        assert_eq!(of_request(&Extensions::new(), &[&name]), ["x-ms-meta-name"]);
    }
}
