//! A part of a file (RFC 9110, section 14).

use custom_handler::{EntityTag, Request};
use std::ops::Range;

/// One range of bytes, inside the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    range: Range<usize>,
    length: usize,
}

impl Part {
    /// What a request asks for of a file of this length and version. `None`: all of it; also where it asks for several
    /// ranges, for one of another version, or for one that the file does not have: a server may leave `Range` aside.
    pub(super) fn asked(request: &Request, tag: &EntityTag, length: usize) -> Option<Self> {
        let of_this = request.header("if-range").is_none_or(|wanted| {
            EntityTag::parse(wanted).is_ok_and(|wanted| wanted.matches_strongly(tag))
        });
        Self::parse(request.header("range").filter(|_| of_this)?, length)
    }

    fn parse(text: &str, length: usize) -> Option<Self> {
        let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
        let range = match (first.trim(), last.trim()) {
            ("", most) => length.saturating_sub(most.parse().ok()?)..length,
            (first, "") => first.parse().ok()?..length,
            (first, last) => {
                first.parse().ok()?..last.parse::<usize>().ok()?.saturating_add(1).min(length)
            }
        };
        (range.start < range.end).then_some(Self { range, length })
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The header of that name.
    pub(super) fn content_range(&self) -> String {
        format!("bytes {}-{}/{}", self.range.start, self.range.end - 1, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_the_file_and_all_else_is_the_whole_file() {
        let parse = |text: &str| Part::parse(text, 10).map(|part| part.content_range());
        assert_eq!(parse("bytes=0-3").as_deref(), Some("bytes 0-3/10"));
        assert_eq!(parse("bytes=8-99").as_deref(), Some("bytes 8-9/10"));
        assert_eq!(parse("bytes=4-").as_deref(), Some("bytes 4-9/10"));
        assert_eq!(parse("bytes=-3").as_deref(), Some("bytes 7-9/10"));
        assert_eq!(parse("bytes=-30").as_deref(), Some("bytes 0-9/10"));
        for whole in ["bytes=10-", "bytes=3-2", "bytes=0-1,4-5", "bytes=-0", "lines=1-2", "bytes=-"]
        {
            assert_eq!(parse(whole), None, "{whole}");
        }
    }
}
