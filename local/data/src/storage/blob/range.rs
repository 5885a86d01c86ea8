//! `x-ms-range` and `Range`: one range of bytes, counted from the start.
//!
//! Source: "Specifying the range header for Blob service operations", REST reference; RFC 9110, section 14.

use std::ops::Range;

use http::header;

use crate::storage::{
    call::Call,
    code,
    failure::{Failure, invalid_header},
};

/// The bytes a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ByteRange {
    first: u64,
    /// Included; `None` is the end of the blob.
    last: Option<u64>,
}

impl ByteRange {
    /// The range a request asks for; `x-ms-range` counts if both are there. A `Range` in a form that Azure does not
    /// know, such as several ranges, is as good as none.
    pub(super) fn of(call: &Call) -> Result<Option<Self>, Failure> {
        if let Some(text) = call.header("x-ms-range") {
            return Self::parse(text).map(Some).ok_or_else(|| invalid_header("x-ms-range", text));
        }
        Ok(call.header("range").and_then(Self::parse))
    }

    /// Reads `bytes=0-99` and `bytes=100-`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
        let first = first.trim().parse().ok()?;
        let last = match last.trim() {
            "" => None,
            last => Some(last.parse().ok()?),
        };
        (last.is_none_or(|last| first <= last)).then_some(Self { first, last })
    }

    /// The part of a blob of this length that is meant; 416 if it begins behind the end.
    pub(super) fn within(self, length: u64) -> Result<Range<u64>, Failure> {
        if self.first >= length {
            return Err(Failure::from(code::INVALID_RANGE)
                .header(header::CONTENT_RANGE, &format!("bytes */{length}")));
        }
        let end = self.last.map_or(length, |last| last.saturating_add(1).min(length));
        Ok(self.first..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_at_the_end_and_refused_behind_it() {
        let within = |text: &str, length| ByteRange::parse(text).unwrap().within(length);
        assert_eq!(within("bytes=0-4194303", 11).unwrap(), 0..11);
        assert_eq!(within("bytes=2-3", 11).unwrap(), 2..4);
        assert_eq!(within("bytes=10-", 11).unwrap(), 10..11);
        assert_eq!(within("bytes=11-", 11).unwrap_err().code(), code::INVALID_RANGE);
        assert_eq!(within("bytes=0-0", 0).unwrap_err().code(), code::INVALID_RANGE);
        assert_eq!(within("bytes=0-18446744073709551615", 11).unwrap(), 0..11);
    }

    #[test]
    fn other_forms_are_not_ranges() {
        for text in ["bytes=-5", "bytes=3-2", "items=0-1", "bytes=0-1,3-4", "bytes=", "0-1"] {
            assert_eq!(ByteRange::parse(text), None, "{text}");
        }
    }
}
