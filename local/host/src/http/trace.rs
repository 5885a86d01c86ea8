//! W3C trace context (<https://www.w3.org/TR/trace-context/>): continued when the client sent one, begun otherwise, as
//! the real host does through Application Insights. Each invocation is a span of its own.
//!
//! A handler is told of that span, but for one case: where a trigger's input names a trace, the page shows the
//! invocation there, and the handler is told of a new trace, as in Azure, where the host does not look into messages. A
//! handler that forgets to read the payload is found out here.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::trace_ids::{SpanContext, SpanId, TraceId};

/// `traceparent`.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Bit 0 of the flags.
const RECORDED: u8 = 1;

/// How many spans one span links to: an invocation for a page of documents may name many.
const LINKS_MAX: usize = 128;

/// The trace that an invocation belongs to, and its own span there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    own: SpanContext,
    parent: Option<SpanId>,
    /// Spans that the invocation works for besides, and what the handler was told if it is not the own span.
    links: Vec<SpanContext>,
    /// What the handler is told.
    told: SpanContext,
}

impl Trace {
    /// The request's trace, or a new one when it has none that is valid.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok());
        Self::continued(given)
    }

    /// The trace of a `traceparent`, or a new one when there is none that is valid.
    pub(crate) fn continued(parent: Option<&str>) -> Self {
        parent.and_then(SpanContext::parse).map_or_else(Self::begin, Self::after)
    }

    /// The trace of a trigger's input: the one that it names, or a new one with links to the many.
    pub(crate) fn of_input(named: &[SpanContext]) -> Self {
        let Some((first, others)) = named.split_first() else { return Self::begin() };
        if others.iter().all(|other| other.trace == first.trace) {
            let told = Self::begin().own;
            let links = std::iter::once(&told).chain(others).take(LINKS_MAX).copied().collect();
            return Self { links, told, ..Self::after(*first) };
        }
        Self { links: named.iter().take(LINKS_MAX).copied().collect(), ..Self::begin() }
    }

    fn after(parent: SpanContext) -> Self {
        let own = SpanContext { span: SpanId::random(), ..parent };
        Self { own, parent: Some(parent.span), links: Vec::new(), told: own }
    }

    fn begin() -> Self {
        let (trace, span) = (TraceId::random(), SpanId::random());
        let own = SpanContext { trace, span, flags: RECORDED };
        Self { own, parent: None, links: Vec::new(), told: own }
    }

    pub(crate) fn id(&self) -> TraceId {
        self.own.trace
    }

    pub(crate) fn span(&self) -> SpanId {
        self.own.span
    }

    pub(crate) fn parent(&self) -> Option<SpanId> {
        self.parent
    }

    pub(crate) fn links(&self) -> &[SpanContext] {
        &self.links
    }

    /// What the handler is told.
    pub(crate) fn traceparent(&self) -> String {
        self.told.traceparent()
    }

    /// The header's value.
    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.traceparent())
            .expect("a trace parent is hexadecimal digits and dashes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn context(text: &str) -> SpanContext {
        SpanContext::parse(text).unwrap()
    }

    #[test]
    fn a_valid_trace_is_continued_by_a_span_of_our_own() {
        let (given, trace) = (context(GIVEN), Trace::continued(Some(GIVEN)));
        assert_eq!((trace.id(), trace.parent()), (given.trace, Some(given.span)));
        assert_ne!(trace.span(), given.span);
        assert_eq!(context(&trace.traceparent()), SpanContext { span: trace.span(), ..given });
    }

    #[test]
    fn anything_else_begins_a_new_one() {
        for bad in [None, Some(""), Some("garbage")] {
            let trace = Trace::continued(bad);
            assert_eq!((trace.parent(), trace.links()), (None, &[][..]));
            assert_ne!(trace.id(), Trace::continued(bad).id());
        }
    }

    #[test]
    fn an_input_of_one_trace_is_continued_without_a_word_and_one_of_many_is_linked() {
        let first = context(GIVEN);
        let same = SpanContext { span: SpanId::random(), ..first };
        let other = SpanContext { trace: TraceId::random(), ..first };
        let one = Trace::of_input(&[first, same]);
        assert_eq!((one.id(), one.parent()), (first.trace, Some(first.span)));
        let told = context(&one.traceparent());
        assert!(told.trace != first.trace, "as in Azure");
        assert_eq!(one.links(), [told, same]);
        let many = Trace::of_input(&[first, other]);
        assert!(many.id() != first.trace && many.id() != other.trace && many.parent().is_none());
        assert_eq!(many.links(), [first, other]);
        assert_eq!(context(&many.traceparent()).trace, many.id());
        assert_eq!(Trace::of_input(&[]).parent(), None);
    }
}
