//! Which part of a content is asked for (RFC 9110, section 14).

use custom_handler::{EntityTag, Request};
use std::ops::Range;

/// What `Range` means for a content of a certain length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    Part(Range<u64>),
    /// The range starts behind the end.
    Nothing,
}

/// What the request asks for. `If-Range` with another version, several ranges, and units that nobody knows mean
/// the whole, as the RFC allows.
pub(super) fn wanted(request: &Request, tag: &EntityTag, length: u64) -> Wanted {
    let Some(text) = request.header("range") else { return Wanted::Whole };
    if let Some(condition) = request.header("if-range") {
        let same = EntityTag::parse(condition).is_ok_and(|known| known.matches_strongly(tag));
        if !same {
            return Wanted::Whole;
        }
    }
    parse(text, length)
}

fn parse(text: &str, length: u64) -> Wanted {
    let Some(range) = text.trim().strip_prefix("bytes=").map(str::trim) else {
        return Wanted::Whole;
    };
    let Some((first, last)) = range.split_once('-') else { return Wanted::Whole };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    match (number(first), number(last), first.is_empty(), last.is_empty()) {
        (Some(first), Some(last), ..) if first <= last => {
            part(first, last.saturating_add(1).min(length), length)
        }
        (Some(first), None, _, true) => part(first, length, length),
        (None, Some(suffix), true, _) if suffix > 0 => {
            part(length.saturating_sub(suffix), length, length)
        }
        (None, Some(_), true, _) => Wanted::Nothing,
        _ => Wanted::Whole,
    }
}

fn part(start: u64, end: u64, length: u64) -> Wanted {
    if start < length { Wanted::Part(start..end) } else { Wanted::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_range_is_understood_in_its_three_forms() {
        assert_eq!(parse("bytes=0-3", 10), Wanted::Part(0..4));
        assert_eq!(parse("bytes=7-", 10), Wanted::Part(7..10));
        assert_eq!(parse("bytes=-3", 10), Wanted::Part(7..10));
        assert_eq!(parse("bytes=-99", 10), Wanted::Part(0..10));
        assert_eq!(parse("bytes=8-99999999999999999999", 10), Wanted::Part(8..10));
    }

    #[test]
    fn a_range_behind_the_end_cannot_be_had() {
        for text in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(parse(text, 10), Wanted::Nothing, "{text}");
        }
    }

    #[test]
    fn what_is_no_single_range_means_the_whole() {
        for text in ["lines=1-2", "bytes=0-1,4-5", "bytes=3-1", "bytes=a-b", "bytes=", "bytes=-"] {
            assert_eq!(parse(text, 10), Wanted::Whole, "{text}");
        }
    }
}
