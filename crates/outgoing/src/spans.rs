//! What telemetry hears of a call: its span, and how long it took. Never a path, a query, a header or a body.

use crate::{
    answer::{Answer, Verdict},
    client::Client,
    error::CallError,
    request::Request,
};
use custom_handler::{Label, Metric, TraceContext};
use std::time::Duration;
use tracing::{Span, field};

const DURATION: Metric = Metric::histogram(
    "http.client.request.duration",
    "s",
    "from a call of a service to its answer, all tries included",
)
.without_line();

/// A call's span, and where it stands in its trace.
pub(crate) struct Telling {
    pub(crate) span: Span,
    /// What the service is told; `None` outside of any trace.
    pub(crate) position: Option<TraceContext>,
}

impl Telling {
    /// The span is a part of what goes on now, unless the request says that it belongs to another trace.
    pub(crate) fn begin(client: &Client, request: &Request) -> Self {
        // Where a stranger wants to be called may say who that is.
        let host = request.url.host_str().filter(|_| client.guard.is_none());
        let span = tracing::info_span!(
            "call",
            otel.name = request.method.as_str(),
            otel.kind = "client",
            otel.status_code = field::Empty,
            http.request.method = request.method.as_str(),
            peer.service = client.service,
            server.address = host,
            server.port = host.and_then(|_| request.url.port_or_known_default()),
            http.response.status_code = field::Empty,
            http.request.resend_count = field::Empty,
            error.type = field::Empty,
        );
        let here = TraceContext::of(&Span::current());
        let said = TraceContext::carried_by(&request.headers);
        let position = match (said, here) {
            (Some(said), Some(here)) if said.shares_trace_with(&here) => TraceContext::of(&span),
            (Some(said), _) => Some(said.begin(&span)),
            (None, _) => TraceContext::of(&span),
        };
        Self { span, position }
    }

    /// How it ended, after so many tries.
    pub(crate) fn end(
        &self,
        client: &Client,
        request: &Request,
        outcome: &Result<Answer, CallError>,
        (tries, took): (u32, Duration),
    ) {
        let status = outcome.as_ref().ok().map(|answer| answer.status().as_u16());
        let error = match outcome {
            Ok(answer) if answer.status().as_u16() >= 400 => {
                Some(answer.status().as_u16().to_string())
            }
            Ok(_) => None,
            Err(error) => Some(error.reason().kind().to_owned()),
        };
        let is_well = |answer: &Answer| (request.verdict)(answer) == Verdict::Well;
        self.span.record("http.response.status_code", status);
        if tries > 1 {
            self.span.record("http.request.resend_count", tries - 1);
        }
        self.span.record("error.type", error.as_deref());
        if !outcome.as_ref().is_ok_and(is_well) {
            self.span.record("otel.status_code", "ERROR");
        }
        let mut labels: Vec<(&'static str, Label)> = vec![
            ("http.request.method", request.method.as_str().to_owned().into()),
            ("peer.service", client.service.clone().into()),
        ];
        if let Some(host) = request.url.host_str().filter(|_| client.guard.is_none()) {
            labels.push(("server.address", host.to_owned().into()));
        }
        labels.extend(status.map(|status| ("http.response.status_code", status.into())));
        labels.extend(error.map(|error| ("error.type", error.into())));
        DURATION.record(took.as_secs_f64(), &labels);
    }
}
