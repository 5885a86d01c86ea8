//! The spans of calls: their names and attributes are those of OpenTelemetry's semantic conventions. Names are templates,
//! and no attribute is a value that a client chose.

use http::{Method, StatusCode};
use tracing::{Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::call::{Arrival, Call};
use super::work::{MessageWork, Source, Work};
use crate::trace::TraceContext;

const METHODS: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
    Method::CONNECT,
];

/// One of the methods of HTTP; what somebody made up is `_OTHER`.
pub(super) fn method(method: &Method) -> &'static str {
    METHODS.iter().position(|known| known == method).map_or("_OTHER", |at| NAMES[at])
}

const NAMES: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/// `/v1/cakes/{name}`: the route without the constraints of its parameters.
pub(super) fn route(template: &str) -> String {
    let mut route = String::from("/");
    let mut in_constraint = false;
    for character in template.chars() {
        in_constraint = match character {
            '}' => false,
            ':' | '=' => true,
            _ => in_constraint,
        };
        if !in_constraint {
            route.push(character);
        }
    }
    route
}

/// Always enabled, so that whatever is logged inside says where it belongs.
pub(super) fn http(arrival: &Arrival, by: &Method, route: &str) -> Span {
    let by = method(by);
    let route = (!route.is_empty()).then(|| self::route(route));
    let name = route.as_ref().map_or_else(|| by.to_owned(), |route| format!("{by} {route}"));
    tracing::error_span!(
        "invocation",
        otel.name = name,
        otel.kind = "server",
        otel.status_code = field::Empty,
        faas.name = arrival.function,
        faas.invocation_id = arrival.invocation_id,
        faas.trigger = "http",
        faas.coldstart = arrival.is_first.then_some(true),
        http.request.method = by,
        http.route = route,
        http.response.status_code = field::Empty,
        error.type = field::Empty,
    )
}

pub(super) fn message(arrival: &Arrival, work: &Work) -> Span {
    let Work::Message(work) = work else { return Span::none() };
    let MessageWork { trigger, name, source, count, .. } = work;
    let (mut system, mut destination, mut database, mut container) = (None, None, None, None);
    match source {
        Source::Messaging { system: by, destination: to } => {
            (system, destination) = (Some(*by), Some(to.as_str()));
        }
        Source::ChangeFeed { database: of, container: from } => {
            (database, container) = (Some(of.as_str()), Some(from.as_str()));
        }
        Source::Other => {}
    }
    tracing::error_span!(
        "invocation",
        otel.name = name,
        otel.kind = "consumer",
        otel.status_code = field::Empty,
        faas.name = arrival.function,
        faas.invocation_id = arrival.invocation_id,
        faas.trigger = trigger,
        faas.coldstart = arrival.is_first.then_some(true),
        messaging.system = system,
        messaging.destination.name = destination,
        messaging.operation.type = system.map(|_| "process"),
        messaging.batch.message_count = count.filter(|_| system.is_some()),
        db.system.name = container.map(|_| "azure.cosmosdb"),
        db.namespace = database,
        db.collection.name = container,
        db.operation.batch.size = count.filter(|_| container.is_some()),
        outcome = field::Empty,
        error.type = field::Empty,
    )
}

/// A trace that has to do with it, and is not the one that goes on.
pub(super) fn point_at(span: &Span, other: Option<TraceContext>) {
    if let Some(other) = other {
        span.add_link(other.remote());
    }
}

/// How a request ended; what failed on our side is an error.
pub(super) fn answered(call: &Call, status: StatusCode, problem: Option<&str>) {
    call.span.record("http.response.status_code", status.as_u16());
    if let Some(problem) = problem {
        call.span.record("error.type", problem);
    }
    if status.is_server_error() {
        call.span.record("otel.status_code", "ERROR");
    }
}

/// How a message ended: only `done` is none of our errors.
pub(super) fn ended(call: &Call, outcome: &'static str) {
    call.span.record("outcome", outcome);
    if outcome != "done" {
        call.span.record("error.type", outcome);
        call.span.record("otel.status_code", "ERROR");
    }
}
