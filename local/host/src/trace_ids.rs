//! The ids of traces and spans, and how W3C writes where one is (<https://www.w3.org/TR/trace-context/>).

use std::fmt;

use serde::{Serialize, Serializer};

/// The id of a trace: 16 bytes, written as 32 hexadecimal digits; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TraceId(u128);

/// The id of a span: 8 bytes, written as 16 hexadecimal digits; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SpanId(u64);

/// A span where it is known only by its ids: what a `traceparent` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SpanContext {
    pub(crate) trace: TraceId,
    pub(crate) span: SpanId,
    /// Bit 0: the trace is recorded.
    pub(crate) flags: u8,
}

impl TraceId {
    pub(crate) fn random() -> Self {
        Self(rand::random::<u128>().max(1))
    }

    /// Sixteen bytes, not all zero.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let number = u128::from_be_bytes(bytes.try_into().ok()?);
        (number != 0).then_some(Self(number))
    }

    /// 32 hexadecimal digits in any case, not all zero.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let number = u128::from_str_radix(hexadecimal(text, 32)?, 16).ok()?;
        (number != 0).then_some(Self(number))
    }
}

impl SpanId {
    pub(crate) fn random() -> Self {
        Self(rand::random::<u64>().max(1))
    }

    /// Eight bytes, not all zero.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let number = u64::from_be_bytes(bytes.try_into().ok()?);
        (number != 0).then_some(Self(number))
    }

    /// 16 hexadecimal digits in any case, not all zero.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let number = u64::from_str_radix(hexadecimal(text, 16)?, 16).ok()?;
        (number != 0).then_some(Self(number))
    }
}

impl SpanContext {
    /// `00-<32 hex>-<16 hex>-<2 hex>`, lower case, neither id all zeros. Higher versions may be longer.
    pub(crate) fn parse(traceparent: &str) -> Option<Self> {
        let mut parts = traceparent.split('-');
        let (version, trace, span, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_upper = traceparent.bytes().any(|b| b.is_ascii_uppercase());
        let length_fits = if version == "00" { parts.next().is_none() } else { version != "ff" };
        if is_upper || !length_fits || hexadecimal(version, 2).is_none() {
            return None;
        }
        Some(Self {
            trace: TraceId::parse(trace)?,
            span: SpanId::parse(span)?,
            flags: u8::from_str_radix(hexadecimal(flags, 2)?, 16).ok()?,
        })
    }

    /// As version 00 writes it.
    pub(crate) fn traceparent(&self) -> String {
        format!("00-{}-{}-{:02x}", self.trace, self.span, self.flags)
    }
}

/// `from_str_radix` alone would take a sign.
fn hexadecimal(text: &str, digits: usize) -> Option<&str> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit())).then_some(text)
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for TraceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for SpanId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_traceparent_is_read_and_written() {
        let context = SpanContext::parse(GIVEN).unwrap();
        assert_eq!(context.trace.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(context.span.to_string(), "00f067aa0ba902b7");
        assert_eq!(context.traceparent(), GIVEN);
        assert!(SpanContext::parse(&GIVEN.replacen("00", "01", 1)).is_some());
        assert!(SpanContext::parse(&format!("{}-more", GIVEN.replacen("00", "01", 1))).is_some());
    }

    #[test]
    fn anything_else_is_none() {
        for bad in [
            "",
            "garbage",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(SpanContext::parse(bad), None, "{bad}");
        }
    }
}
