//! How queues and messages lie in the data directory.
//!
//! | key | value |
//! | --- | --- |
//! | `q/` name | the queue's record, JSON |
//! | `m/` number, message id | the message without its text, JSON |
//! | `t/` number, message id | the message's text |
//!
//! The number is the queue's, and a new one after it was cleared: what lies under a number that no queue has is
//! garbage, so that emptying a queue of a million messages is one small write.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::message::Message;
use crate::storage::{
    authorization::Policy,
    code,
    failure::{Failure, internal},
    metadata::Metadata,
    persistence::{Change, Persistence, json},
};

/// A queue without its messages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Record {
    /// Under which its messages are kept.
    pub(super) number: u64,
    pub(super) metadata: Metadata,
    pub(super) policies: Vec<Policy>,
}

pub(super) const QUEUE: &[u8] = b"q/";
pub(super) const MESSAGE: &[u8] = b"m/";
pub(super) const TEXT: &[u8] = b"t/";

pub(super) fn put_queue(change: &mut Change<'_>, name: &str, record: &Record) {
    change.put([QUEUE, name.as_bytes()].concat(), || json(record));
}

pub(super) fn remove_queue(change: &mut Change<'_>, name: &str) {
    change.remove([QUEUE, name.as_bytes()].concat());
}

pub(super) fn put_message(change: &mut Change<'_>, number: u64, message: &Message) {
    change.put(key(MESSAGE, number, message.id), || json(message));
}

pub(super) fn put_text(change: &mut Change<'_>, number: u64, id: Uuid, text: &Bytes) {
    change.put(key(TEXT, number, id), || text.to_vec());
}

pub(super) fn remove_message(change: &mut Change<'_>, number: u64, id: Uuid) {
    change.remove(key(MESSAGE, number, id));
    change.remove(key(TEXT, number, id));
}

/// A message's text.
pub(super) fn text(persistence: &Persistence, number: u64, id: Uuid) -> Result<Bytes, Failure> {
    match persistence.get(&key(TEXT, number, id)) {
        Ok(Some(text)) => Ok(text.into()),
        Ok(None) => Err(code::INTERNAL_ERROR.into()),
        Err(error) => Err(internal("reading a message's text", &error)),
    }
}

/// The number in a message's key, of which the prefix was taken off.
pub(super) fn number_of(key: &[u8]) -> Result<u64, String> {
    let number = key.first_chunk::<8>().ok_or("a message's key is shorter than its number")?;
    Ok(u64::from_be_bytes(*number))
}

fn key(kind: &[u8], number: u64, id: Uuid) -> Vec<u8> {
    [kind, &number.to_be_bytes(), id.as_bytes()].concat()
}
