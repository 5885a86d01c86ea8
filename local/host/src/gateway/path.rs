//! A request's path on its way through the host: Kestrel decodes it and takes its dot segments out (`UrlDecoder.cs`,
//! `PathNormalizer.cs`), routes are matched against that, and YARP encodes it anew (`RequestUtilities.cs`).

use http::uri::PathAndQuery;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but what YARP leaves as it is: the characters of a path (RFC 3986, appendix A).
const NOT_IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b'-')
    .remove(b'.')
    .remove(b'/')
    .remove(b':')
    .remove(b';')
    .remove(b'=')
    .remove(b'@')
    .remove(b'_')
    .remove(b'~');

/// The length of an escape: `%2F`.
const ESCAPE_LEN: usize = 3;

/// A path as the host has it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HostPath {
    /// Decoded once, with `%2F` as it came.
    pub(super) decoded: String,
    /// As a proxied handler gets it; decoding it once gives `decoded`, so that both match the same routes.
    pub(super) encoded: String,
}

impl HostPath {
    /// Nothing for a path that holds `%00`, which the host refuses.
    pub(super) fn of(raw: &str) -> Option<Self> {
        let decoded = without_dot_segments(&decoded(raw)?);
        let encoded = utf8_percent_encode(&decoded, NOT_IN_A_PATH).to_string();
        Some(Self { decoded, encoded })
    }

    /// What the handler is asked for: the query stays as it is.
    pub(super) fn target(&self, query: Option<&str>) -> PathAndQuery {
        let target = match query {
            Some(query) => format!("{}?{query}", self.encoded),
            None => self.encoded.clone(),
        };
        // A path of characters that a path may have, and a query that has come.
        PathAndQuery::try_from(target).unwrap_or(PathAndQuery::from_static("/"))
    }
}

/// What is no UTF-8 stays escaped, and so does a slash: it would end its segment.
fn decoded(raw: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(byte) = raw.as_bytes().get(at) {
        let (character, length) = match escape(raw, at) {
            Some(0) => return None,
            Some(b'/') | None => (None, 1),
            Some(_) => character(raw, at),
        };
        match character {
            Some(character) => bytes.extend(character),
            None => bytes.push(*byte),
        }
        at += length;
    }
    // Only whole characters were put in.
    String::from_utf8(bytes).ok()
}

/// The byte that an escape at this place stands for.
fn escape(raw: &str, at: usize) -> Option<u8> {
    let digits = raw.as_bytes().get(at..at + ESCAPE_LEN)?.strip_prefix(b"%")?;
    let [high, low] = digits else { return None };
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(*high)? * 16 + value(*low)?).ok()
}

/// The character that the escapes from here on stand for, and how long they are.
fn character(raw: &str, at: usize) -> (Option<Vec<u8>>, usize) {
    let mut bytes = Vec::new();
    while bytes.len() < char::MAX.len_utf8() {
        match escape(raw, at + bytes.len() * ESCAPE_LEN) {
            Some(byte) => bytes.push(byte),
            None => break,
        }
        if std::str::from_utf8(&bytes).is_ok() {
            let length = bytes.len() * ESCAPE_LEN;
            return (Some(bytes), length);
        }
    }
    (None, 1)
}

/// RFC 3986, section 5.2.4.
fn without_dot_segments(path: &str) -> String {
    let Some(rest) = path.strip_prefix('/') else { return path.to_owned() };
    let mut kept = Vec::new();
    let mut segments = rest.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_dots = matches!(segment, "." | "..");
        if segment == ".." {
            kept.pop();
        }
        match (is_dots, segments.peek()) {
            (false, _) => kept.push(segment),
            // What stood before the last dots ends with its slash.
            (true, None) => kept.push(""),
            (true, Some(_)) => {}
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    #[test]
    fn a_path_is_decoded_once_and_encoded_anew() {
        for (raw, decoded, encoded) in [
            ("/", "/", "/"),
            ("/api/a%20b/c%2Fd", "/api/a b/c%2Fd", "/api/a%20b/c%252Fd"),
            ("/c%2fd", "/c%2fd", "/c%252fd"),
            ("/a%40b%7E%5Bx]", "/a@b~[x]", "/a@b~%5Bx%5D"),
            ("/%61dmin", "/admin", "/admin"),
            ("/%252e%252E", "/%2e%2E", "/%252e%252E"),
            ("/%C3%BC%F0%9F%8E%82", "/ü🎂", "/%C3%BC%F0%9F%8E%82"),
            ("/%FF%C3%28%zz%4", "/%FF%C3(%zz%4", "/%25FF%25C3(%25zz%254"),
            ("/!$&'()*+,-.:;=_~", "/!$&'()*+,-.:;=_~", "/!$&'()*+,-.:;=_~"),
            ("/a%3Fb%23c%25", "/a?b#c%", "/a%3Fb%23c%25"),
            ("*", "*", "*"),
        ] {
            let expected = HostPath { decoded: decoded.to_owned(), encoded: encoded.to_owned() };
            assert_eq!(HostPath::of(raw), Some(expected), "{raw}");
        }
        assert_eq!(HostPath::of("/a%00b"), None);
    }

    #[test]
    fn dot_segments_are_taken_out_also_escaped_ones() {
        for (raw, expected) in [
            ("/a/./b", "/a/b"),
            ("/a/%2e%2E/b", "/b"),
            ("/../../a", "/a"),
            ("/a/b/..", "/a/"),
            ("/a/.", "/a/"),
            ("/.", "/"),
            ("/a//../b", "/a/b"),
            ("/a/..%2Fb", "/a/..%2Fb"),
            ("/a/.../b", "/a/.../b"),
        ] {
            assert_eq!(HostPath::of(raw).unwrap().decoded, expected, "{raw}");
        }
    }
}
