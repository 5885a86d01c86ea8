//! That something failed, as the function says that saw it.

use super::content::Content;
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value};

/// Bytes of the hash that an id shows.
const ID_BYTES: usize = 16;

/// A function gave the message up.
pub const GIVEN_UP: &str = "given-up";
/// The host moved the message to a poison queue, and what the message says is the reason that it failed there, too.
pub const POISON: &str = "poison";

/// Where a message came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The function that failed on it, gave it up, or reports it.
    pub function: String,
    /// The queue it came from, if it came from one.
    pub queue: Option<String>,
}

impl Origin {
    /// A function that read no queue.
    #[must_use]
    pub fn function(function: impl Into<String>) -> Self {
        Self { function: function.into(), queue: None }
    }
}

/// A failure that people must hear of.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Made from the content, so that the same failure reported twice is one letter.
    pub id: String,
    /// Why: [`GIVEN_UP`], [`POISON`], or a reason of the app's own.
    pub reason: String,
    /// Where the message came from.
    pub origin: Origin,
    /// What went wrong, for people; without personal data.
    pub detail: String,
    /// What the message is about.
    pub subject: Option<String>,
    /// The message.
    pub content: Content,
    /// What else the app wants to show, by name.
    pub fields: Map<String, Value>,
    /// The report's own name: delivered twice, it counts once.
    pub name: String,
    /// When it was first tried; now if nothing is said.
    pub first_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: u32,
    /// Whether what is reported lasts until somebody deals with it: then its letter is opened again even by a report
    /// that is known, if somebody had closed it as re-driven.
    pub lasts: bool,
    /// The trace it belongs to, 32 hexadecimal digits.
    pub trace_id: Option<String>,
}

impl Report {
    /// A failure with this message. What it is about is what its `subject` says, if it is an event.
    #[must_use]
    pub fn new(
        reason: impl Into<String>,
        origin: Origin,
        detail: impl Into<String>,
        content: Content,
    ) -> Self {
        let reason = reason.into();
        let source = origin.queue.as_deref().unwrap_or(&origin.function);
        let id = letter_id(&[&reason, source, &content.text]);
        let subject = content.json()["subject"].as_str().map(str::to_owned);
        Self {
            name: id.clone(),
            id,
            reason,
            origin,
            detail: detail.into(),
            subject,
            content,
            fields: Map::new(),
            first_at: None,
            attempts: 1,
            lasts: false,
            trace_id: None,
        }
    }

    /// The message as JSON; null if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        self.content.json()
    }
}

/// The id of the letter for what these parts name together.
#[must_use]
pub fn letter_id(parts: &[&str]) -> String {
    let hash = digest(&SHA256, parts.join("\n").as_bytes());
    hash.as_ref()[..ID_BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a letter could have this id.
pub(super) fn is_letter_id(text: &str) -> bool {
    let is_small_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 2 * ID_BYTES && text.bytes().all(is_small_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(reason: &str, queue: &str, message: &str) -> Report {
        let origin = Origin { function: "read".to_owned(), queue: Some(queue.to_owned()) };
        Report::new(reason, origin, "why", Content::of_text(message))
    }

    #[test]
    fn the_same_content_has_the_same_id_and_reason_and_queue_count() {
        let id = |reason, queue, message| report(reason, queue, message).id;
        assert_eq!(id(POISON, "a", "{}"), id(POISON, "a", "{}"));
        assert_ne!(id(POISON, "a", "{}"), id(GIVEN_UP, "a", "{}"));
        assert_ne!(id(POISON, "a", "{}"), id(POISON, "b", "{}"));
        assert!(is_letter_id(&id(POISON, "a", "{}")) && !is_letter_id("none"));
    }

    #[test]
    fn an_event_says_what_it_is_about_and_other_messages_do_not() {
        assert_eq!(report(POISON, "a", r#"{"subject": "7"}"#).subject.as_deref(), Some("7"));
        assert_eq!(report(POISON, "a", r#"["subject"]"#).subject, None);
        assert_eq!(report(POISON, "a", "subject").subject, None);
    }
}
