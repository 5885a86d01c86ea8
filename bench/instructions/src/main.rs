//! A program whose instructions are counted: `instructions WHAT COUNT` does one thing so many times, without a socket.
//! `envelope` decodes a queue message and encodes a reply, `route` finds one of twenty routes. What the two cost once is
//! the difference between two runs: the start is in both.
#![allow(clippy::expect_used, reason = "a measurement may fail loudly")]

mod routes;

use bytes::Bytes;
use custom_handler::{
    Done, Failure, Function, GivenUp, Handler, Invocation, Outputs, Problem, QueueMessage, Request,
    Response, Server, methods,
};
use http::{Method, StatusCode};
use serde_json::Value;
use std::process::ExitCode;

/// What a storage queue brings, in the host's spelling: JSON in a string of JSON, and metadata besides.
const ENVELOPE: &str = include_str!("envelope.json");
const INVOCATION: (&str, &str) =
    ("x-azure-functions-invocationid", "6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11");
const TRACE: (&str, &str) =
    ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
/// One of the more general routes, behind most of the others.
const PATH: &str = "/v1/profiles/01980c6e-1111-7000-8000-000000000001";

struct App;

const DECIDED: Function = Function::new(
    "decided",
    r#"{ "bindings": [
        { "type": "queueTrigger", "direction": "in", "name": "message", "queueName": "decisions" },
        { "type": "queue", "direction": "out", "name": "next", "queueName": "done" } ] }"#,
);

/// Reads the message and sends it on.
async fn decided(_: &App, message: QueueMessage, _: Invocation) -> Result<Done, Failure> {
    let event: Value = message.json()?;
    Ok(Done::with(Outputs::new().json_message("next", &event)))
}

async fn answer(_: &App, _: Request) -> Result<Response, Problem> {
    Ok(Response::no_content())
}

async fn keep(_: &App, _: GivenUp) -> Result<(), String> {
    Ok(())
}

fn server() -> Server {
    static APP: App = App;
    let handler = routes::ALL.into_iter().fold(Handler::new(&APP), |handler, function| {
        handler.http(function, methods().get(answer))
    });
    let handler = handler.queue(DECIDED, decided).on_give_up(keep);
    handler.build().expect("functions and code go together")
}

fn request(method: Method, path: &'static str, body: &'static str) -> http::Request<Bytes> {
    let request = http::Request::builder().method(method).uri(path);
    let request = request.header(INVOCATION.0, INVOCATION.1).header(TRACE.0, TRACE.1);
    let request = request.header("content-length", body.len());
    request.body(Bytes::from_static(body.as_bytes())).expect("it is a request")
}

/// Does it `count` times; whether every answer was the one that is due.
async fn repeat(what: &str, count: u32) -> Result<(), String> {
    let server = server();
    for _ in 0..count {
        let (request, due) = match what {
            "envelope" => (request(Method::POST, "/decided", ENVELOPE), StatusCode::OK),
            "route" => (request(Method::GET, PATH, ""), StatusCode::NO_CONTENT),
            other => return Err(format!("{other} is not known: say envelope or route")),
        };
        let response = server.answer(request).await;
        if response.status() != due {
            return Err(format!("{what}: {} {:?}", response.status(), response.body()));
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, count] = arguments.as_slice() else {
        eprintln!("usage: instructions envelope|route COUNT");
        return ExitCode::FAILURE;
    };
    let Ok(count) = count.parse() else {
        eprintln!("{count}: how often is a number");
        return ExitCode::FAILURE;
    };
    // As a handler has it: one thread.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime starts");
    match runtime.block_on(repeat(what, count)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
