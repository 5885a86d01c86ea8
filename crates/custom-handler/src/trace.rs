//! W3C Trace Context: who called, and what we tell those we call.

use http::HeaderMap;
use opentelemetry::trace::{SpanContext, TraceFlags, TraceState};
use std::str::FromStr;
use uuid::Uuid;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
/// Longest `tracestate` that is carried on, in bytes; the recommendation asks for at least this many.
const MAX_TRACESTATE_BYTES: usize = 512;
const SAMPLED: u8 = 1;

/// A position in a distributed trace (W3C Trace Context, level 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceContext {
    trace_id: u128,
    span_id: u64,
    flags: u8,
    tracestate: Option<String>,
}

impl TraceContext {
    /// A new trace, sampled.
    pub fn fresh() -> Self {
        Self {
            trace_id: Uuid::new_v4().as_u128(),
            span_id: new_span_id(),
            flags: SAMPLED,
            tracestate: None,
        }
    }

    /// The caller's position from its headers; a new trace when they are missing or malformed, as
    /// the recommendation asks.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self::carried_by(headers).unwrap_or_else(Self::fresh)
    }

    /// The caller's position from its headers; `None` when they are missing or malformed.
    pub fn carried_by(headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        Self::parse(text(TRACEPARENT)?, text(TRACESTATE))
    }

    /// Reads a `traceparent`, from a header or from the CloudEvents attribute of that name, and
    /// carries the `tracestate` that came with it.
    pub fn parse(traceparent: &str, tracestate: Option<&str>) -> Option<Self> {
        let mut fields = traceparent.trim().split('-');
        let version = hex(fields.next()?, 2)?;
        let trace_id = hex(fields.next()?, 32)?;
        let span_id = u64::try_from(hex(fields.next()?, 16)?).ok()?;
        let flags = u8::try_from(hex(fields.next()?, 2)?).ok()?;
        // Later versions may append fields; 255 is never a version.
        let ends_well = if version == 0 { fields.next().is_none() } else { version != 0xff };
        let tracestate =
            tracestate.filter(|state| !state.is_empty() && state.len() <= MAX_TRACESTATE_BYTES);
        (ends_well && trace_id != 0 && span_id != 0).then(|| Self {
            trace_id,
            span_id,
            flags: flags & SAMPLED,
            tracestate: tracestate.map(str::to_owned),
        })
    }

    /// A position below this one: a new span of the same trace, for an outgoing call or message.
    #[must_use]
    pub fn child(&self) -> Self {
        Self { span_id: new_span_id(), ..self.clone() }
    }

    /// The trace's id: 32 hexadecimal digits, the same across every system the request touches.
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace_id)
    }

    /// The span's id: 16 hexadecimal digits.
    pub fn span_id(&self) -> String {
        format!("{:016x}", self.span_id)
    }

    /// Whether both are of one trace.
    pub fn shares_trace_with(&self, other: &Self) -> bool {
        self.trace_id == other.trace_id
    }

    /// The value of the `traceparent` header or CloudEvents attribute.
    pub fn traceparent(&self) -> String {
        format!("00-{:032x}-{:016x}-{:02x}", self.trace_id, self.span_id, self.flags)
    }

    /// The value of the `tracestate` header or CloudEvents attribute.
    pub fn tracestate(&self) -> Option<&str> {
        self.tracestate.as_deref()
    }

    /// As OpenTelemetry has it: the position of a span elsewhere.
    pub(crate) fn remote(&self) -> SpanContext {
        let state = self.tracestate.as_deref().and_then(|state| TraceState::from_str(state).ok());
        SpanContext::new(
            self.trace_id.into(),
            self.span_id.into(),
            TraceFlags::new(self.flags),
            true,
            state.unwrap_or_default(),
        )
    }

    /// The position of a span that OpenTelemetry knows; `None` if it is none.
    pub(crate) fn of_context(context: &SpanContext) -> Option<Self> {
        let state = context.trace_state().header();
        context.is_valid().then(|| Self {
            trace_id: u128::from_be_bytes(context.trace_id().to_bytes()),
            span_id: u64::from_be_bytes(context.span_id().to_bytes()),
            flags: context.trace_flags().to_u8() & SAMPLED,
            tracestate: (!state.is_empty()).then_some(state),
        })
    }

    /// Name and value of the headers that carry this position to another service.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let state = self.tracestate.clone().map(|state| (TRACESTATE, state));
        std::iter::once((TRACEPARENT, self.traceparent())).chain(state)
    }
}

fn hex(field: &str, digits: usize) -> Option<u128> {
    let lower = field.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (lower && field.len() == digits).then(|| u128::from_str_radix(field, 16).ok())?
}

fn new_span_id() -> u64 {
    // The halves of a v4 UUID hold fixed bits in different places; together they hold none.
    let (high, low) = Uuid::new_v4().as_u64_pair();
    (high ^ low).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (http::HeaderName::from_static(name), HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn the_callers_trace_is_continued_and_its_state_carried() {
        let trace = TraceContext::from_headers(&headers(&[
            ("traceparent", PARENT),
            ("tracestate", "az=1,x=2"),
        ]));
        assert_eq!(trace.traceparent(), PARENT);
        let child = trace.child();
        assert_eq!(child.trace_id(), "0af7651916cd43dd8448eb211c80319c");
        assert_ne!(child.traceparent(), PARENT);
        let carried: Vec<_> = child.headers().collect();
        assert_eq!(
            carried,
            [("traceparent", child.traceparent()), ("tracestate", "az=1,x=2".to_owned())]
        );
        assert_eq!(TraceContext::parse(&child.traceparent(), child.tracestate()), Some(child));
    }

    #[test]
    fn a_malformed_parent_starts_a_new_trace() {
        for parent in [
            "",
            "00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert_eq!(TraceContext::parse(parent, None), None, "{parent}");
            let fresh = TraceContext::from_headers(&headers(&[(
                "traceparent",
                Box::leak(parent.to_owned().into_boxed_str()),
            )]));
            assert!(TraceContext::parse(&fresh.traceparent(), None).is_some());
        }
    }

    #[test]
    fn a_later_version_may_append_fields() {
        let later = "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-more";
        let trace = TraceContext::parse(later, Some("")).unwrap();
        assert_eq!(trace.traceparent(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
        assert_eq!(trace.tracestate(), None);
    }

    #[test]
    fn new_traces_differ() {
        assert_ne!(TraceContext::fresh().trace_id(), TraceContext::fresh().trace_id());
    }
}
