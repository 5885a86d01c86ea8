//! A message of a queue.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A message, and what its next reader is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    /// Its name for as long as it lives.
    pub(super) id: Uuid,
    /// Its place among those that become visible at the same moment.
    pub(super) sequence: u64,
    /// When it was sent.
    pub(super) inserted: Timestamp,
    /// When it vanishes; `None` is never.
    pub(super) expires: Option<Timestamp>,
    /// From when on it may be received.
    pub(super) visible: Timestamp,
    /// How often it was received.
    pub(super) dequeue_count: u32,
    /// What its holder must show to change or delete it.
    pub(super) receipt: Receipt,
    /// Its text; `None` while it lies in the data directory.
    #[serde(skip)]
    pub(super) text: Option<Bytes>,
}

/// A pop receipt: only the latest one of a message is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Receipt(Uuid);

impl Receipt {
    /// One that nobody has.
    pub(super) fn new() -> Self {
        Self(Uuid::new_v4())
    }

    /// As a client sees it: Base64, with the characters that a URL must escape, as Azure's are.
    pub(super) fn text(self) -> String {
        STANDARD.encode(self.0.as_bytes())
    }

    /// Whether the client shows this one.
    pub(super) fn is(self, text: &str) -> bool {
        self.text() == text
    }
}

impl Message {
    /// Whether it has vanished by now.
    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}
