//! W3C trace context (<https://www.w3.org/TR/trace-context/>): continued when the client sent one, begun otherwise, as
//! the real host does through Application Insights.

use http::{HeaderMap, HeaderName, HeaderValue};

/// `traceparent`.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A trace that an invocation belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    parent: String,
}

impl Trace {
    /// The request's trace, or a new one when it has none that is valid.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok());
        Self::continued(given)
    }

    /// The trace of a `traceparent`, or a new one when there is none that is valid.
    pub(crate) fn continued(parent: Option<&str>) -> Self {
        match parent.filter(|parent| is_valid(parent)) {
            Some(parent) => Self { parent: parent.to_owned() },
            None => Self::begin(),
        }
    }

    fn begin() -> Self {
        let trace = rand::random::<u128>().max(1);
        let span = rand::random::<u64>().max(1);
        Self { parent: format!("00-{trace:032x}-{span:016x}-01") }
    }

    /// 32 hexadecimal digits.
    pub(crate) fn id(&self) -> &str {
        &self.parent[3..35]
    }

    /// `traceparent` as a text.
    pub(crate) fn parent(&self) -> &str {
        &self.parent
    }

    /// The header's value.
    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.parent)
            .expect("a trace parent is hexadecimal digits and dashes")
    }
}

/// `00-<32 hex>-<16 hex>-<2 hex>`, lower case, neither id all zeros. Higher versions may be longer.
fn is_valid(parent: &str) -> bool {
    let hex = |part: &str, digits: usize| {
        part.len() == digits
            && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let mut parts = parent.split('-');
    let (Some(version), Some(trace), Some(span), Some(flags)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let length_fits = if version == "00" { parts.next().is_none() } else { version != "ff" };
    let not_zero = |part: &str| part.bytes().any(|b| b != b'0');
    hex(version, 2)
        && hex(trace, 32)
        && hex(span, 16)
        && hex(flags, 2)
        && length_fits
        && not_zero(trace)
        && not_zero(span)
        && HeaderValue::from_str(parent).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_valid_trace_is_continued() {
        let trace = Trace::continued(Some(GIVEN));
        assert_eq!(trace.id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(trace.header(), GIVEN);
    }

    #[test]
    fn anything_else_begins_a_new_one() {
        let bad = [
            "",
            "garbage",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ];
        for parent in bad {
            let trace = Trace::continued(Some(parent));
            assert!(is_valid(&trace.parent), "{parent}: {trace:?}");
            assert_ne!(trace.parent, parent);
        }
        assert_ne!(Trace::continued(None), Trace::continued(None));
    }
}
