//! A message as it came, attempt by attempt.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Attempts that are remembered of a message: a sender stops after ten.
const MAX_ATTEMPTS: usize = 50;

/// A message that came to a receiver, once or more often.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    /// Counts from 1, in the order of the first attempts.
    pub(crate) number: u64,
    pub(crate) receiver: String,
    /// The header `webhook-id`, believed or not; empty where there was none.
    pub(crate) id: String,
    /// Of the body, once it was believed.
    #[serde(rename = "type")]
    pub(crate) event_type: Option<String>,
    /// When it was worked at: once, however often it came.
    pub(crate) taken_at: Option<Timestamp>,
    /// How often it came.
    pub(crate) times: u32,
    /// How often it came although it had been taken before.
    pub(crate) repeated: u32,
    /// Whether it came with another body, believed as well: a message stays what it is.
    pub(crate) body_changed: bool,
    /// The body of the first attempt that was believed.
    pub(crate) body: Option<String>,
    /// The last attempts, the oldest first.
    pub(crate) attempts: Vec<Attempt>,
}

/// One attempt to deliver it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempt {
    /// When it came, by the partner's clock.
    pub(crate) at: Timestamp,
    /// When it was sent, by the sender's, if it was believed.
    pub(crate) sent_at: Option<Timestamp>,
    /// Which key it was verified with: 0 is the newest.
    pub(crate) key: Option<usize>,
    /// Why it was not believed.
    pub(crate) refused: Option<String>,
    /// The status of the answer; `None` where the connection was cut instead.
    pub(crate) answered: Option<u16>,
}

impl Message {
    pub(crate) fn new(number: u64, receiver: String, id: String) -> Self {
        Self {
            number,
            receiver,
            id,
            event_type: None,
            taken_at: None,
            times: 0,
            repeated: 0,
            body_changed: false,
            body: None,
            attempts: Vec::new(),
        }
    }

    /// Adds an attempt. `body` is its body if it was believed, `is_taken` whether it was worked at.
    pub(crate) fn attempted(&mut self, attempt: Attempt, body: Option<&[u8]>, is_taken: bool) {
        self.times += 1;
        self.repeated += u32::from(self.taken_at.is_some());
        if is_taken && self.taken_at.is_none() {
            self.taken_at = Some(attempt.at);
        }
        if let Some(body) = body {
            self.believed(body);
        }
        if self.attempts.len() == MAX_ATTEMPTS {
            self.attempts.remove(0);
        }
        self.attempts.push(attempt);
    }

    fn believed(&mut self, body: &[u8]) {
        let text = String::from_utf8_lossy(body);
        match &self.body {
            Some(first) => self.body_changed |= *first != text,
            None => {
                let payload = webhooks::Payload::<serde_json::Value>::from_body(body);
                self.event_type = payload.ok().map(|payload| payload.event_type);
                self.body = Some(text.into_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn attempt(second: i64, answered: u16) -> Attempt {
        let at = Timestamp::from_second(second).unwrap();
        Attempt { at, sent_at: None, key: None, refused: None, answered: Some(answered) }
    }

    #[test]
    fn a_message_is_taken_once_and_another_body_is_noticed() {
        let mut message = Message::new(1, "main".to_owned(), "msg_1".to_owned());
        let body = br#"{"type":"a.b","timestamp":"2026-11-30T00:00:00Z","data":{}}"#;
        message.attempted(attempt(1, 400), None, false);
        message.attempted(attempt(2, 500), Some(body), false);
        message.attempted(attempt(3, 200), Some(body), true);
        message.attempted(attempt(4, 200), Some(body), true);
        assert_eq!(message.taken_at, Some(Timestamp::from_second(3).unwrap()));
        assert_eq!((message.times, message.repeated, message.body_changed), (4, 1, false));
        assert_eq!(message.event_type.as_deref(), Some("a.b"));
        message.attempted(attempt(5, 200), Some(b"{}"), true);
        assert!(message.body_changed);
        (0..60).for_each(|second| message.attempted(attempt(second, 200), None, false));
        assert_eq!((message.attempts.len(), message.times), (MAX_ATTEMPTS, 65));
    }
}
