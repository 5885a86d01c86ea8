//! One of several things that an invocation works at, each of a trace of its own.

use serde_json::Value;
use tracing::{Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::carried::{carried, carried_by};
use crate::envelope::Payload;
use crate::invocation::Invocation;
use crate::position::{begin, begin_inside};
use crate::trace::TraceContext;

/// The work for one document, event or message of a batch: a span that continues the trace which that carries.
///
/// ```
/// # use custom_handler::{ChangeFeed, Invocation};
/// # async fn forward(document: &serde_json::Value) {}
/// use tracing::Instrument;
///
/// async fn changes(feed: ChangeFeed, invocation: Invocation) {
///     for document in &feed.documents {
///         let item = invocation.item_of(document);
///         forward(document).instrument(item.span()).await;
///     }
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is inside of it yet: `work.instrument(item.span())`"]
pub struct Item {
    span: Span,
    trace: TraceContext,
}

impl Item {
    /// The span, for `work.instrument(item.span())`.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// Where it stands in its trace: what is sent on from here is its child.
    pub fn trace(&self) -> &TraceContext {
        &self.trace
    }

    /// Notes that the work failed; `kind` is a word for it, such as `again` or `given-up`, and never a value.
    pub fn failed(&self, kind: &'static str) {
        self.span.record("error.type", kind);
        self.span.record("otel.status_code", "ERROR");
    }
}

impl Invocation {
    /// A span for the work at one of several things, which carries this `traceparent` (and `tracestate`): it continues that
    /// trace, and it and the invocation's span point at each other. Without one, or with one of the invocation's own trace,
    /// it is a part of the invocation.
    pub fn item(&self, traceparent: Option<&str>, tracestate: Option<&str>) -> Item {
        self.item_of_trace(traceparent.and_then(|parent| TraceContext::parse(parent, tracestate)))
    }

    /// As [`Invocation::item`], of a document or an event that has `traceparent` and `tracestate` among its members.
    pub fn item_of(&self, value: &Value) -> Item {
        self.item_of_trace(carried_by(value))
    }

    /// As [`Invocation::item`], of a message that is JSON with those members.
    pub fn item_in(&self, message: &Payload) -> Item {
        self.item_of_trace(carried(message))
    }

    pub(crate) fn item_of_trace(&self, carried: Option<TraceContext>) -> Item {
        // Always enabled, as that of the invocation.
        let span = tracing::error_span!(
            parent: &self.span,
            "item",
            otel.name = format!("{} item", self.function),
            otel.kind = "consumer",
            otel.status_code = field::Empty,
            faas.name = self.function,
            error.type = field::Empty,
        );
        let trace = match carried.filter(|carried| !carried.shares_trace_with(&self.trace)) {
            Some(carried) => {
                span.add_link(self.trace.remote());
                self.span.add_link(carried.remote());
                begin(&span, Some(&carried))
            }
            None => begin_inside(&span, &self.trace),
        };
        Item { span, trace }
    }

    /// The same invocation as that of one item: what it sends on, and what is kept of it, is of the item's trace.
    #[must_use]
    pub fn for_item(&self, item: &Item) -> Self {
        Self {
            span: item.span(),
            trace: item.trace.clone(),
            continued: Default::default(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
#[path = "item_tests.rs"]
mod tests;
