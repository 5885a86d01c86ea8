//! The handler that the tests run: this test binary, started once more as a process of its own.
//!
//! Its behaviour at start comes from the setting `HANDLER`, that of a request from its path.

use std::{convert::Infallible, net::Ipv4Addr, process::exit, time::Duration};

use bytes::Bytes;
use futures::StreamExt as _;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, BodyStream, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::{io::AsyncWriteExt as _, net::TcpListener};

/// The name of the test below: the argument that makes the test binary a handler.
pub(crate) const ARGUMENTS: [&str; 3] = ["handler::acts_as_a_handler", "--exact", "--nocapture"];

type Body = UnsyncBoxBody<Bytes, hyper::Error>;

/// No test but the handler, when the host starts it.
#[test]
fn acts_as_a_handler() {
    let Ok(port) = std::env::var("FUNCTIONS_CUSTOMHANDLER_PORT") else { return };
    let port = port.parse().unwrap();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run(port));
}

pub(crate) async fn run(port: u16) {
    let behaviour = std::env::var("HANDLER").unwrap_or_default();
    let (word, detail) = behaviour.split_once(' ').unwrap_or((&behaviour, ""));
    match word {
        "exit" => {
            eprintln!("npm WARN this is no error\nfirst\nsecond\nthird\nlast words");
            exit(detail.parse().unwrap())
        }
        "never-ready" => std::future::pending().await,
        _ => {}
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    if word == "garbage-first" {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"this is no HTTP\r\n\r\n").await.unwrap();
    }
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let served =
            http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
        tokio::spawn(served);
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path().to_owned();
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    Ok(match segments[..] {
        [""] => full(StatusCode::NOT_FOUND, ""),
        [.., "exit", code] => exit(code.parse().unwrap()),
        [.., "die-first", times] => die_first(&request, times.parse().unwrap()),
        [.., "hsts"] => {
            let mut response = full(StatusCode::OK, "secure");
            let value = "max-age=1".parse().unwrap();
            response.headers_mut().insert("strict-transport-security", value);
            response
        }
        [.., "hang"] => std::future::pending().await,
        [.., "wait", ms] => {
            tokio::time::sleep(Duration::from_millis(ms.parse().unwrap())).await;
            full(StatusCode::OK, "waited")
        }
        [.., "status", code] => full(code.parse().unwrap(), "as asked"),
        [.., "pid"] => full(StatusCode::OK, std::process::id().to_string()),
        [.., "env", name] => full(StatusCode::OK, std::env::var(name).unwrap_or_default()),
        [.., "clock-offset-ms"] => {
            let file = std::env::var("CLOCK_OFFSET_FILE").unwrap();
            full(StatusCode::OK, std::fs::read_to_string(file).unwrap())
        }
        [.., "http-1.0"] => {
            let mut response = full(StatusCode::OK, "old");
            *response.version_mut() = http::Version::HTTP_10;
            response
        }
        [.., "stream"] => stream_back(request),
        [.., "break-off"] => break_off(),
        ["Envelope" | "ByQueue"] => envelope(request).await,
        _ => echo(request).await,
    })
}

/// Ends the process until the request has come so often; the ids that it came with are kept in the file `SEEN`.
fn die_first(request: &Request<Incoming>, times: usize) -> Response<Body> {
    let path = std::env::var("SEEN").unwrap();
    let seen = std::fs::read_to_string(&path).unwrap_or_default();
    let id = request.headers()["x-azure-functions-invocationid"].to_str().unwrap();
    std::fs::write(&path, format!("{seen}{id}\n")).unwrap();
    if seen.lines().count() < times {
        exit(1)
    }
    full(StatusCode::OK, "alive")
}

/// The request as this process saw it, as JSON.
async fn echo(request: Request<Incoming>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())]))
        .collect();
    let body = body.collect().await.unwrap().to_bytes();
    let seen = json!({
        "method": parts.method.as_str(),
        "target": parts.uri.to_string(),
        "headers": headers,
        "body": String::from_utf8_lossy(&body),
    });
    let mut response = full(StatusCode::OK, seen.to_string());
    response.headers_mut().insert("x-from-handler", "yes".parse().unwrap());
    response.headers_mut().insert("keep-alive", "timeout=5".parse().unwrap());
    response
}

/// Each piece of the request goes back at once.
fn stream_back(request: Request<Incoming>) -> Response<Body> {
    Response::new(BodyExt::boxed_unsync(StreamBody::new(BodyStream::new(request.into_body()))))
}

/// Promises ten bytes, sends five and dies.
fn break_off() -> Response<Body> {
    let first = futures::stream::once(async { Ok(Frame::data(Bytes::from_static(b"first"))) });
    let death = futures::stream::once(async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        exit(200)
    });
    let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(first.chain(death))));
    response.headers_mut().insert("content-length", "10".parse().unwrap());
    response
}

/// A reply in the envelope: what the setting `REPLY` says, or the request's `Data` as the answer's body. Its status is
/// that of the setting `REPLY_STATUS`.
async fn envelope(request: Request<Incoming>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let chunked = parts.headers.contains_key("transfer-encoding");
    let reply = std::env::var("REPLY").unwrap_or_else(|_| {
        let data: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let answer = json!({ "chunked": chunked, "envelope": data }).to_string();
        json!({ "Outputs": { "res": { "statusCode": 201, "body": answer } }, "Logs": ["seen"] })
            .to_string()
    });
    let status = std::env::var("REPLY_STATUS").map_or(StatusCode::OK, |text| text.parse().unwrap());
    let mut response = full(status, reply);
    response.headers_mut().insert("content-type", "application/json".parse().unwrap());
    response
}

fn full(status: StatusCode, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(BodyExt::boxed_unsync(
        Full::new(body.into()).map_err(|never| match never {}),
    ));
    *response.status_mut() = status;
    response
}
