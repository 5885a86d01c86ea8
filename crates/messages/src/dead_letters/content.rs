//! The message in a dead letter, exactly as it was.

use base64::{Engine, engine::general_purpose::STANDARD};
use custom_handler::Payload;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest message that is kept whole, in bytes; a document in Cosmos DB may have 2 MiB.
pub(super) const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// What a message is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// JSON.
    Json,
    /// Text that is not JSON.
    Text,
    /// Bytes that are not UTF-8, shown in base64.
    Base64,
}

impl Form {
    /// As it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Text => "text",
            Self::Base64 => "base64",
        }
    }
}

/// A message as text, and what it was written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub(super) text: String,
    pub(super) form: Form,
    pub(super) cut: bool,
}

impl Content {
    /// A text; whether it is JSON is looked at.
    #[must_use]
    pub fn of_text(text: impl Into<String>) -> Self {
        let text = text.into();
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        Self::cut(text, if is_json { Form::Json } else { Form::Text })
    }

    /// What a trigger brought.
    #[must_use]
    pub fn of(payload: &Payload) -> Self {
        match payload {
            Payload::Bytes(bytes) if std::str::from_utf8(bytes).is_err() => {
                Self::cut(STANDARD.encode(bytes), Form::Base64)
            }
            other => Self::of_text(other.to_string()),
        }
    }

    fn cut(mut text: String, form: Form) -> Self {
        let cut = text.len() > MAX_MESSAGE_BYTES;
        // Base64 has four characters for each group, and the limit is a multiple of four.
        text.truncate(text.floor_char_boundary(MAX_MESSAGE_BYTES));
        Self { text, form, cut }
    }

    /// The message as JSON; null if it is none.
    pub(super) fn json(&self) -> Value {
        if self.form == Form::Json {
            serde_json::from_str(&self.text).unwrap_or_default()
        } else {
            Value::Null
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use custom_handler::Bytes;

    #[test]
    fn a_message_is_kept_as_it_was_and_what_it_is_written_in_is_seen() {
        let of = |bytes: &'static [u8]| {
            let content = Content::of(&Payload::Bytes(Bytes::from_static(bytes)));
            (content.text, content.form)
        };
        assert_eq!(of(b"{\"a\": 1}"), ("{\"a\": 1}".to_owned(), Form::Json));
        assert_eq!(of(b"{\"a\": "), ("{\"a\": ".to_owned(), Form::Text));
        assert_eq!(of(b""), (String::new(), Form::Text));
        assert_eq!(of(&[0xff, 0xfe]), ("//4=".to_owned(), Form::Base64));
    }

    #[test]
    fn a_message_that_is_too_long_is_cut_between_characters() {
        let content = Content::of_text("🦊".repeat(MAX_MESSAGE_BYTES));
        assert!(content.cut && content.text.len() <= MAX_MESSAGE_BYTES);
        assert!(content.text.ends_with('🦊'));
    }
}
