//! A listening handler and a client that sends exactly the bytes it is given.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use custom_handler::{
    Done, Failure, Function, GivenUp, Handler, HeaderMap, HeaderName, Invocation, Outputs, Problem,
    Request, Response, Server,
};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Longest wait for an answer; a test that reaches it has failed.
const DEADLINE: Duration = Duration::from_secs(20);

/// What a test's functions share: what they saw, and what they are to do.
#[derive(Default)]
pub(crate) struct App {
    pub(crate) seen: Mutex<Vec<String>>,
    pub(crate) contexts: Mutex<Vec<Invocation>>,
    pub(crate) kept: Mutex<Vec<GivenUp>>,
    pub(crate) keeping_fails: bool,
    pub(crate) outcome: Option<Failure>,
    pub(crate) outputs: Outputs,
    pub(crate) log: Option<&'static str>,
}

impl App {
    pub(crate) fn leak(self) -> &'static Self {
        Box::leak(Box::new(self))
    }

    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// Notes what a message function was given and ends as the test wants.
    pub(crate) fn note(
        &self,
        message: impl std::fmt::Debug,
        context: Invocation,
    ) -> Result<Done, Failure> {
        self.seen.lock().unwrap().push(format!("{message:?}"));
        self.contexts.lock().unwrap().push(context);
        if let Some(failure) = &self.outcome {
            return Err(failure.clone());
        }
        let done = Done::with(self.outputs.clone());
        Ok(match self.log {
            Some(line) => done.log(line),
            None => done,
        })
    }
}

pub(crate) async fn keep(app: &App, given_up: GivenUp) -> Result<(), String> {
    if app.keeping_fails {
        return Err("the container is away".to_owned());
    }
    app.kept.lock().unwrap().push(given_up);
    Ok(())
}

pub(crate) fn function(name: &'static str, bindings: Value) -> Function {
    let text = serde_json::json!({ "bindings": bindings }).to_string();
    Function::new(name, Box::leak(text.into_boxed_str()))
}

/// An HTTP function as the host proxies it.
pub(crate) fn http_function(name: &'static str, route: &str, methods: &[&str]) -> Function {
    function(
        name,
        serde_json::json!([
            { "type": "httpTrigger", "direction": "in", "name": "req", "authLevel": "anonymous", "methods": methods, "route": route },
            { "type": "http", "direction": "out", "name": "res" }
        ]),
    )
}

/// An answer that says what the function was asked.
pub(crate) async fn echo(_: &App, request: Request) -> Result<Response, Problem> {
    Ok(Response::ok(&serde_json::json!({
        "function": request.function(),
        "method": request.method().as_str(),
        "path": request.path(),
        "query": request.query_string(),
        "body": String::from_utf8_lossy(request.body()),
    })))
}

/// A handler that listens on a free port for as long as the test runs.
pub(crate) struct Running {
    address: SocketAddr,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The problem's slug.
    pub(crate) fn slug(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let document = self.json();
        assert_eq!(document["status"], self.status);
        assert!(document["instance"].as_str().unwrap().starts_with("urn:uuid:"));
        document["type"].as_str().unwrap().strip_prefix("/problems#").unwrap().to_owned()
    }
}

impl Running {
    pub(crate) async fn start(handler: Handler<App>) -> Self {
        Self::serve(handler.build().unwrap_or_else(|error| panic!("{error}"))).await
    }

    pub(crate) async fn serve(server: Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { server.serve(listener).await });
        Self { address }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends the bytes and reads until the handler has answered.
    pub(crate) async fn send(&self, bytes: impl AsRef<[u8]>) -> Reply {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_ref()).await.unwrap();
        timeout(DEADLINE, read_reply(&mut stream, false)).await.expect("no answer in time")
    }

    pub(crate) async fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Reply {
        let body = body.as_ref();
        let mut bytes = format!("{method} {target} HTTP/1.1\r\nHost: localhost:7071\r\n");
        bytes.push_str("X-Azure-Functions-InvocationId: 6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11\r\n");
        for (name, value) in headers {
            bytes.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH") {
            bytes.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        bytes.push_str("\r\n");
        let bytes = [bytes.as_bytes(), body].concat();
        let mut stream = self.connect().await;
        stream.write_all(&bytes).await.unwrap();
        let reply = timeout(DEADLINE, read_reply(&mut stream, method == "HEAD")).await;
        reply.expect("no answer in time")
    }

    pub(crate) async fn get(&self, target: &str) -> Reply {
        self.request("GET", target, &[], "").await
    }

    /// Calls a function with an envelope, exactly as the host writes it.
    pub(crate) async fn invoke(&self, function: &str, envelope: &str) -> Reply {
        self.send(chunked(function, envelope)).await
    }
}

/// The host's request in its production form: chunked, without a length.
pub(crate) fn chunked(function: &str, envelope: &str) -> Vec<u8> {
    let mut request = head(function);
    request.push_str("Transfer-Encoding: chunked\r\n\r\n");
    // Two pieces, so that no decoder can count on one.
    let (one, other) = envelope.split_at(envelope.floor_char_boundary(envelope.len() / 2));
    for piece in [one, other].into_iter().filter(|piece| !piece.is_empty()) {
        request.push_str(&format!("{:x}\r\n{piece}\r\n", piece.len()));
    }
    request.push_str("0\r\n\r\n");
    request.into_bytes()
}

/// The same request as `func start` sends it: with a length.
pub(crate) fn with_length(function: &str, envelope: &str) -> Vec<u8> {
    format!("{}Content-Length: {}\r\n\r\n{envelope}", head(function), envelope.len()).into_bytes()
}

fn head(function: &str) -> String {
    format!(
        "POST /{function} HTTP/1.1\r\n\
         Host: 127.0.0.1:40123\r\n\
         X-Azure-Functions-HostVersion: 4.1037.0.0\r\n\
         X-Azure-Functions-InvocationId: 6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11\r\n\
         User-Agent: Azure-Functions-Host/4.1037.0.0\r\n\
         Content-Type: application/json; charset=utf-8\r\n"
    )
}

/// Reads one HTTP/1.1 answer.
pub(crate) async fn read_reply(stream: &mut TcpStream, to_head: bool) -> Reply {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        assert_ne!(
            stream.read_buf(&mut bytes).await.unwrap(),
            0,
            "closed before an answer: {bytes:?}"
        );
    };
    let text = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = text.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: HeaderMap = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (HeaderName::try_from(name).unwrap(), value.parse().unwrap()))
        .collect();
    let length: usize =
        headers.get("content-length").map_or(0, |value| value.to_str().unwrap().parse().unwrap());
    let mut body = bytes.split_off(end);
    while !to_head && body.len() < length {
        assert_ne!(
            stream.read_buf(&mut body).await.unwrap(),
            0,
            "closed in the middle of an answer"
        );
    }
    Reply { status, headers, body }
}
