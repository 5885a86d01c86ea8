//! Where spans stand in their traces. A span that is exported has a position of its own; where nothing is exported the
//! spans of invocations and of their items have one that we give them, so that a trace goes on all the same.

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Registry;
use tracing_subscriber::registry::LookupSpan;

use crate::trace::TraceContext;

/// The position that was given to a span, beside it in the registry.
pub(crate) struct Position(pub(crate) TraceContext);

impl TraceContext {
    /// Where whoever sends something on stands now: the position of the innermost span that has one, which inside of an
    /// invocation is at least that of the invocation. Outside of any span, a new trace.
    pub fn current() -> Self {
        Self::of(&Span::current()).unwrap_or_else(Self::fresh)
    }

    /// The position of a span, or of the innermost one around it that has one.
    pub fn of(span: &Span) -> Option<Self> {
        match (exported(span), given(span)) {
            // The work turned out to belong to another trace after the span had begun.
            (Some(exported), Some(given)) if !exported.shares_trace_with(&given) => Some(given),
            (exported, given) => exported.or(given),
        }
    }
}

impl TraceContext {
    /// Makes a span that has not begun a child of this position; where it stands then.
    pub fn begin(&self, span: &Span) -> Self {
        begin(span, Some(self))
    }

    /// Has a span point at this position, which is of another trace.
    pub fn link_from(&self, span: &Span) {
        span.add_link(self.remote());
    }
}

/// Makes a span that has not begun a child of `parent`, or the first of a trace of its own; where it stands then.
pub(crate) fn begin(span: &Span, parent: Option<&TraceContext>) -> TraceContext {
    // Without anybody who exports there is nothing to set, and a span that has begun keeps its parent.
    let _ = span.set_parent(match parent {
        Some(parent) => Context::new().with_remote_span_context(parent.remote()),
        None => Context::new(),
    });
    let own = || parent.map_or_else(TraceContext::fresh, TraceContext::child);
    let position = exported(span).unwrap_or_else(own);
    give(span, position.clone());
    position
}

/// Makes a span that has not begun a child of what it was made in, as it is anyway; where it stands then.
pub(crate) fn begin_inside(span: &Span, around: &TraceContext) -> TraceContext {
    let position = exported(span).unwrap_or_else(|| around.child());
    give(span, position.clone());
    position
}

fn exported(span: &Span) -> Option<TraceContext> {
    let context = span.context();
    TraceContext::of_context(context.span().span_context())
}

/// Gives a span its position, in the place of another.
pub(crate) fn give(span: &Span, position: TraceContext) {
    span.with_subscriber(|(id, subscriber)| {
        let registry = subscriber.downcast_ref::<Registry>();
        if let Some(known) = registry.and_then(|registry| registry.span(id)) {
            known.extensions_mut().replace(Position(position));
        }
    });
}

fn given(span: &Span) -> Option<TraceContext> {
    let found = span.with_subscriber(|(id, subscriber)| {
        let known = subscriber.downcast_ref::<Registry>()?.span(id)?;
        known.scope().find_map(|around| Some(around.extensions().get::<Position>()?.0.clone()))
    });
    found.flatten()
}
