//! Spans of a simulator's work, in the trace of who asked for it.

use std::collections::HashMap;

use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::Request;

/// The target of spans that are sent. Others stay here.
pub const TARGET: &str = "simulator";

/// The header, or the attribute of a message.
const TRACEPARENT: &str = "traceparent";
/// What takes the place of an id in a path.
const ID: &str = "{id}";
/// Longer parts of a path are ids.
const WORD_MAX_CHARS: usize = 32;

/// The span, in the trace that `traceparent` names; none of that form: in none.
pub fn continued(span: Span, traceparent: &str) -> Span {
    let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
    let parent = TraceContextPropagator::new().extract(&carrier);
    // Without somebody who receives spans there is nothing to set.
    let _ = span.set_parent(parent);
    span
}

/// What a message says that is sent because of the span; `None` when nobody receives spans.
pub fn traceparent(span: &Span) -> Option<String> {
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&span.context(), &mut carrier);
    carrier.remove(TRACEPARENT)
}

/// The span of a request to the API; none when it belongs to no trace.
pub(crate) fn of_request(request: &Request) -> Span {
    let Some(parent) = request.header(TRACEPARENT) else { return Span::none() };
    let (method, route) = (request.method.as_str(), route(request.path()));
    let span = tracing::info_span!(
        target: TARGET,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
    );
    continued(span, parent)
}

/// A path with what may be an id, or somebody's address, left out.
fn route(path: &str) -> String {
    let is_version = |part: &str| part.len() <= 3 && part.starts_with('v');
    let is_word = |part: &str| {
        part.chars().count() <= WORD_MAX_CHARS
            && part.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_' | ':'))
    };
    let part = |part| if is_version(part) || is_word(part) { part } else { ID };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_an_id_is_left_out_of_a_route() {
        for (path, expected) in [
            ("/", "/"),
            ("/v1/orders/4711/lines", "/v1/orders/{id}/lines"),
            ("/emails:send", "/emails:send"),
            ("/mail/aino@example.com", "/mail/{id}"),
            ("/a%20b", "/{id}"),
            ("/x/0191d5a2-7c3e-7f00-8000-000000000000", "/x/{id}"),
        ] {
            assert_eq!(route(path), expected);
        }
    }

    #[test]
    fn without_a_receiver_there_is_no_trace_to_pass_on() {
        assert_eq!(traceparent(&Span::none()), None);
    }
}
