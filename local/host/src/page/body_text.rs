//! Bodies as people can read them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use serde_json::Value;

use crate::exchanges::BodyHead;

/// A body, or as much of it as there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BodyText {
    pub(super) content_type: Option<String>,
    /// Indented when it is JSON; empty when it is no text.
    pub(super) text: String,
    pub(super) total_bytes: u64,
    /// What the reader should know: cut, or no text.
    pub(super) note: Option<String>,
}

impl BodyText {
    pub(super) fn of(body: &BodyHead) -> Self {
        let kept = body.head.len() as u64;
        let (text, no_text) = match readable(&body.head) {
            Some(text) => (text, false),
            None => (String::new(), true),
        };
        let note = match (no_text, kept < body.total_bytes) {
            (true, _) => Some("not a text".to_owned()),
            (false, true) => Some(format!("the first {kept} bytes")),
            (false, false) => None,
        };
        Self { content_type: body.content_type.clone(), text, total_bytes: body.total_bytes, note }
    }
}

/// A text, indented when it is JSON; nothing for bytes that are no UTF-8. A character cut at the end is left out.
pub(super) fn readable(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return None,
    };
    // Other control characters are those of binary formats.
    let is_binary = text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    (!is_binary).then(|| pretty(text))
}

/// JSON indented, anything else as it is.
pub(super) fn pretty(text: &str) -> String {
    if !text.trim_start().starts_with(['{', '[']) {
        return text.to_owned();
    }
    let parsed =
        serde_json::from_str::<Value>(text).and_then(|value| serde_json::to_string_pretty(&value));
    parsed.unwrap_or_else(|_| text.to_owned())
}

/// A queue message as people can read it, and whether it was base64.
pub(super) fn message(text: &str) -> (String, bool) {
    let decoded = STANDARD.decode(text.trim()).ok().filter(|bytes| !bytes.is_empty());
    match decoded.and_then(|bytes| readable(&bytes)) {
        Some(decoded) => (decoded, true),
        None => (pretty(text), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_its_order_kept() {
        let body = BodyText::of(&BodyHead::of(Some("application/json"), b"{\"b\":1,\"a\":2}"));
        assert_eq!(body.text, "{\n  \"b\": 1,\n  \"a\": 2\n}");
        assert_eq!(body.note, None);
    }

    #[test]
    fn a_cut_or_binary_body_says_so() {
        let cut = BodyHead {
            head: "{\"a\":\"ü".as_bytes()[..7].to_vec(),
            total_bytes: 9,
            content_type: None,
        };
        let cut = BodyText::of(&cut);
        assert_eq!(
            (cut.text.as_str(), cut.note.as_deref()),
            ("{\"a\":\"", Some("the first 7 bytes"))
        );
        let binary = BodyText::of(&BodyHead::of(None, b"\x89PNG\r\n\x1a\n"));
        assert_eq!((binary.text.as_str(), binary.note.as_deref()), ("", Some("not a text")));
    }

    #[test]
    fn messages_are_decoded_when_they_are_base64() {
        assert_eq!(message("eyJhIjoxfQ=="), ("{\n  \"a\": 1\n}".to_owned(), true));
        assert_eq!(message("plain text"), ("plain text".to_owned(), false));
    }
}
