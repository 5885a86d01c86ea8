use function_json::Trigger;
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::Message;
use crate::envelope::{EnvelopeError, Metadata, Payload};
use crate::outcome::Failure;

/// A message of a storage queue (`queueTrigger`).
///
/// The host merges the fields of a JSON message over its own metadata, so that a message with a
/// field `Id` or `DequeueCount` shows that here. Key idempotency on something in the message.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueMessage {
    /// Text, or bytes with `dataType: binary`.
    pub body: Payload,
    /// The queue's id of the message.
    pub id: Option<String>,
    /// How often it was handed out, this time included.
    pub dequeue_count: Option<i64>,
    /// The receipt of this handing out.
    pub pop_receipt: Option<String>,
    /// When it was put into the queue, to the second.
    pub insertion_time: Option<Timestamp>,
    /// When the queue drops it, to the second.
    pub expiration_time: Option<Timestamp>,
    /// When the queue would hand it out again, to the second.
    pub next_visible_time: Option<Timestamp>,
}

impl QueueMessage {
    /// The text; `None` for bytes that are not UTF-8.
    pub fn text(&self) -> Option<&str> {
        self.body.text()
    }

    /// The message read as JSON; a failure to give up when it does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        self.body.json()
    }
}

impl Message for QueueMessage {
    const EXPECTED: &'static str = "a queueTrigger";

    fn is_for(trigger: &Trigger) -> bool {
        matches!(trigger, Trigger::Queue(_))
    }

    fn read(body: Payload, metadata: &Metadata, _: &Trigger) -> Result<Self, EnvelopeError> {
        Ok(Self {
            body,
            id: metadata.text("Id"),
            dequeue_count: metadata.number("DequeueCount"),
            pop_receipt: metadata.text("PopReceipt"),
            insertion_time: metadata.time("InsertionTime"),
            expiration_time: metadata.time("ExpirationTime"),
            next_visible_time: metadata.time("NextVisibleTime"),
        })
    }
}
