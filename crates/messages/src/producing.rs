//! The span of an event on its way to a hub or a topic: whoever reads it goes on from there.

use crate::cloud_event::CloudEvent;
use crate::destination::Destination;
use custom_handler::TraceContext;
use tracing::{Span, field};

/// An event that is being published, until it is dropped.
#[derive(Debug)]
pub(crate) struct Producing {
    span: Span,
}

impl Producing {
    /// In the trace that the event names, or else in the one that goes on now.
    pub(crate) fn begin<T>(to: Destination, event: &CloudEvent<T>) -> Self {
        let (system, name) = match to {
            Destination::EventHub(name) => ("eventhubs", name),
            Destination::KafkaTopic(name) => ("kafka", name),
        };
        let span = tracing::info_span!(
            "publish",
            otel.name = format!("send {name}"),
            otel.kind = "producer",
            otel.status_code = field::Empty,
            messaging.system = system,
            messaging.destination.name = name,
            messaging.operation.name = "send",
            messaging.operation.type = "send",
            cloudevents.event_type = event.r#type,
            error.type = field::Empty,
        );
        let here = TraceContext::of(&Span::current());
        let is_here =
            |trace: &TraceContext| here.as_ref().is_some_and(|here| here.shares_trace_with(trace));
        if let Some(other) = event.trace().filter(|trace| !is_here(trace)) {
            other.begin(&span);
        }
        Self { span }
    }

    /// What the event that goes out says.
    pub(crate) fn position(&self) -> TraceContext {
        TraceContext::of(&self.span).unwrap_or_else(TraceContext::fresh)
    }

    /// It was not published, or nobody knows.
    pub(crate) fn failed(&self) {
        self.span.record("error.type", "not-published");
        self.span.record("otel.status_code", "ERROR");
    }
}
