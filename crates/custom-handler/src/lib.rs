//! Azure Functions custom handlers: everything a program needs to talk to the Functions host.
//!
//! A custom handler is a web server that the host starts beside itself. The host owns triggers,
//! bindings, routes and keys, and calls the handler over HTTP. What it sends and takes is full of
//! traps: strings inside strings, replies that hang an invocation, text that is stored as
//! something else because it could be base64. This crate knows them, so that a function is what
//! it should be: parse, decide, answer.
//!
//! # A handler
//!
//! ```no_run
//! use custom_handler::{
//!     Done, Failure, Function, GivenUp, Handler, Invocation, Problem, QueueMessage, Request, Response,
//!     Setting, Settings, SettingsError, methods,
//! };
//! use std::process::ExitCode;
//! use std::sync::Mutex;
//!
//! /// What all functions share: clients and settings.
//! struct Shop { motto: String, returned: Mutex<Vec<GivenUp>> }
//!
//! /// GET v1/cakes/{name}
//! async fn cake(shop: &Shop, request: Request) -> Result<Response, Problem> {
//!     let name: String = request.param("name")?;
//!     Ok(Response::ok(&serde_json::json!({ "name": name, "motto": shop.motto })))
//! }
//!
//! /// Queue `baked`
//! async fn baked(_: &Shop, message: QueueMessage, _: Invocation) -> Result<Done, Failure> {
//!     let order: serde_json::Value = message.json()?;
//!     Ok(Done::nothing().log(format!("order {} is baked", order["id"])))
//! }
//!
//! /// Keeps what functions give up. A real shop writes it to a database.
//! async fn keep(shop: &Shop, given_up: GivenUp) -> Result<(), String> {
//!     shop.returned.lock().map_err(|error| error.to_string())?.push(given_up);
//!     Ok(())
//! }
//!
//! // Usually `function!()` in `cake/mod.rs`, which embeds `cake/function.json`.
//! const CAKE: Function = Function::new("cake", r#"{ "bindings": [
//!     { "type": "httpTrigger", "direction": "in", "name": "request", "methods": ["get"], "route": "v1/cakes/{name}" },
//!     { "type": "http", "direction": "out", "name": "response" } ] }"#);
//! const BAKED: Function = Function::new("baked", r#"{ "bindings": [
//!     { "type": "queueTrigger", "direction": "in", "name": "message", "queueName": "baked" } ] }"#);
//!
//! const MOTTO: Setting = Setting::new("MOTTO", "what stands on every box", "warm since 1889");
//!
//! fn handler(settings: &Settings) -> Result<Handler<Shop>, SettingsError> {
//!     let motto = settings.text(&MOTTO)?;
//!     let shop: &'static Shop = Box::leak(Box::new(Shop { motto, returned: Mutex::default() }));
//!     Ok(Handler::new(shop)
//!         .http(CAKE, methods().get(cake))
//!         .queue(BAKED, baked)
//!         .on_give_up(keep))
//! }
//!
//! fn main() -> ExitCode {
//!     custom_handler::run(handler)
//! }
//! ```
//!
//! `examples/bakery` is a whole one, with `host.json` and the function folders.
//!
//! # How things fit together
//!
//! - **`function.json` is the only place** where a route, a method or a binding is written. The
//!   handler embeds it; [`Handler::build`] refuses code that does not go with it, and a test of
//!   one line finds that before the host does.
//! - **HTTP functions** take a [`Request`] and answer with a [`Response`] or a [`Problem`] (RFC
//!   9457). Whether the host proxies the request or wraps it in an envelope, because the function
//!   has further bindings, makes no difference to the code.
//! - **Message functions** take what their trigger brings, such as a [`QueueMessage`] or a
//!   [`ChangeFeed`], and end in one of three ways: [`Done`], [`Failure::Again`] (the host tries
//!   again) or [`Failure::GiveUp`] (kept, with the reason, by [`Handler::on_give_up`]). Nothing is
//!   ever dropped silently.
//! - **Outputs** are written so that the host stores exactly what was meant, or the invocation
//!   fails: see [`Outputs`].
//! - **Logs** are JSON lines on standard output, each with function, invocation and trace, one for
//!   every finished call. They hold no query, no body and no header values. On a terminal they are
//!   for people.
//! - **Telemetry** goes over OTLP to where `OTEL_EXPORTER_OTLP_ENDPOINT` says: a span for each
//!   invocation, which continues the trace that the request or the message carries, the lines of the
//!   log, and figures ([`Metric`]). Of several things in one invocation each is an [`Item`] with a
//!   trace of its own. [`TraceContext::current`] is what is stored or sent, so that the trace goes on.
//! - **`<program> --describe`** prints as JSON what the application is: functions, settings with what
//!   each is for, kinds of problems, and the queues, containers and blobs that it uses. So tests and
//!   deployments ask the program instead of reading its source: [`describe`].
//! - A function that has started **runs to its end**, even when the client hangs up; a panic in it
//!   is a 500, and the process lives on.
//!
//! # The host's settings
//!
//! `host.json` should say `"enableProxyingHttpRequest": true` under `customHandler`: the older
//! `enableForwardingHttpRequest` works too, but joins repeated query parameters and drops bodies
//! without a length. Tell [`Handler::route_prefix`] what `extensions.http.routePrefix` says; the
//! host's default is `api`, this crate's is none.
//!
//! The host answers a wrong method and an unknown path with a bare 404 before the handler hears of
//! them. A catch-all function registered with [`Handler::unmatched`] makes them 405 and 404
//! problems.
//!
//! # Where the rules come from
//!
//! The source of the Azure Functions host (`Azure/azure-functions-host`: `Workers/Http`,
//! `Workers/MessageExtensions`, `Binding`) and of its binding extensions; where the code says why
//! something is as it is, it names the file.

mod carried;
mod decoding;
mod describe;
mod envelope;
mod function;
mod handler;
mod idempotency;
mod instruments;
mod invocation;
mod item;
mod log;
mod merge_patch;
mod metric;
mod now;
mod outcome;
mod outputs;
mod position;
mod preconditions;
mod prefer;
mod problem;
mod request;
mod response;
mod run;
mod server;
mod settings;
mod telemetry;
mod trace;
mod triggers;

pub use bytes::Bytes;
pub use describe::{Description, describe};
pub use envelope::{Metadata, Payload, RetryContext, System};
pub use function::Function;
#[doc(hidden)]
pub use function::folder_of;
pub use handler::{BuildError, Handler, MAX_BODY_BYTES, Methods, RegistrationError, methods};
pub use http::{HeaderMap, HeaderName, Method, StatusCode, header};
pub use idempotency::{IdempotencyKey, InvalidIdempotencyKey};
pub use invocation::Invocation;
pub use item::Item;
pub use merge_patch::{MergePatch, Patch};
pub use metric::{Label, Metric};
pub use outcome::{Done, Failure, GivenUp};
pub use outputs::Outputs;
pub use preconditions::{EntityTag, IfMatch, IfNoneMatch, InvalidEntityTag};
pub use prefer::Prefer;
pub use problem::{ErrorStatus, PROBLEM_JSON, Problem, ProblemKind, problems};
pub use request::Request;
pub use response::Response;
pub use run::run;
pub use server::Server;
pub use settings::{Setting, SettingProblem, Settings, SettingsError};
pub use trace::TraceContext;
pub use triggers::{
    BlobContent, ChangeFeed, EventSchema, GridEvent, GridEvents, HubEvent, HubEvents, KafkaEvent,
    KafkaEvents, QueueMessage, Rejected, TimerTick,
};
