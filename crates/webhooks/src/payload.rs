//! What a webhook's body says: what happened, when, and to what.

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A body is smaller than this, in bytes: who wants more asks for it.
pub const MAX_BODY_BYTES: usize = 20_000;

/// The body of a webhook: `{"type": …, "timestamp": …, "data": …}`.
///
/// ```
/// use webhooks::Payload;
///
/// let payload = Payload {
///     event_type: "invoice.paid".to_owned(),
///     timestamp: "2026-11-30T09:12:00Z".parse()?,
///     data: [("invoice", "42")].into_iter().collect::<std::collections::BTreeMap<_, _>>(),
/// };
/// let body = br#"{"type":"invoice.paid","timestamp":"2026-11-30T09:12:00Z","data":{"invoice":"42"}}"#;
/// assert_eq!(payload.to_body()?, body);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload<D> {
    /// What happened, from the general to the particular: `invoice.paid`. It says what `data` looks like.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When it happened; an attempt to tell it may be much later.
    pub timestamp: Timestamp,
    /// What it happened to.
    pub data: D,
}

/// A body that is not to be sent, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// The type of the event is not of words with full stops between them.
    #[error(
        "the event type {0:?} is not of words of a to z, A to Z, 0 to 9 and _, with full stops between them"
    )]
    EventType(String),
    /// It has [`MAX_BODY_BYTES`] or more: send where the rest can be had.
    #[error(
        "the body has {0} bytes, not less than {MAX_BODY_BYTES}: send where the data can be had instead"
    )]
    TooLarge(usize),
    /// The data cannot be written as JSON, or the body is no payload of this kind.
    #[error("the body as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl<D: Serialize> Payload<D> {
    /// The body to sign and to send, as it is. Keep it: made again later, by another version of the sender, it may be another.
    ///
    /// # Errors
    /// The event type is none, or the body is too large.
    pub fn to_body(&self) -> Result<Vec<u8>, PayloadError> {
        if !is_event_type(&self.event_type) {
            return Err(PayloadError::EventType(self.event_type.clone()));
        }
        let body = serde_json::to_vec(self)?;
        if body.len() >= MAX_BODY_BYTES {
            return Err(PayloadError::TooLarge(body.len()));
        }
        Ok(body)
    }
}

impl<D: DeserializeOwned> Payload<D> {
    /// Reads a body that was verified. Members that are not known are passed over, and so are the rules for event types:
    /// other senders have others.
    ///
    /// # Errors
    /// It is no JSON, or not of this shape.
    pub fn from_body(body: &[u8]) -> Result<Self, PayloadError> {
        Ok(serde_json::from_slice(body)?)
    }
}

fn is_event_type(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    text.split('.').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn payload(event_type: &str, data: String) -> Payload<String> {
        let timestamp = Timestamp::from_second(1_674_087_231).unwrap();
        Payload { event_type: event_type.to_owned(), timestamp, data }
    }

    #[test]
    fn what_is_written_is_read_and_other_members_are_passed_over() {
        let sent = payload("contact.created", "a".to_owned());
        assert_eq!(Payload::from_body(&sent.to_body().unwrap()).unwrap(), sent);
        let more = br#"{"data":"a","region":"eu","timestamp":"2023-01-19T00:13:51Z","type":"contact.created"}"#;
        assert_eq!(Payload::from_body(more).unwrap(), sent);
        assert!(Payload::<String>::from_body(br#"{"data":"a"}"#).is_err());
    }

    #[test]
    fn a_body_of_20_kb_is_not_sent() {
        let around = payload("a.b", String::new()).to_body().unwrap().len();
        let of = |bytes: usize| payload("a.b", "x".repeat(bytes - around)).to_body();
        assert_eq!(of(MAX_BODY_BYTES - 1).unwrap().len(), MAX_BODY_BYTES - 1);
        assert!(matches!(of(MAX_BODY_BYTES), Err(PayloadError::TooLarge(MAX_BODY_BYTES))));
    }

    #[test]
    fn event_types_are_words_with_full_stops() {
        for right in ["invoice.paid", "a", "credit_note.line_2.Changed"] {
            assert!(payload(right, String::new()).to_body().is_ok(), "{right}");
        }
        for wrong in ["", ".", "a.", ".a", "a..b", "a b", "a-b", "ü.b"] {
            let refused = payload(wrong, String::new()).to_body();
            assert!(matches!(refused, Err(PayloadError::EventType(_))), "{wrong}");
        }
    }
}
