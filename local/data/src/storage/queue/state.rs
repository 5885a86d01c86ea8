//! What can be done with one queue. Every change is kept before it is made.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{
    message::{Message, Receipt},
    messages::Messages,
    record::{self, Record},
};
use crate::storage::{
    code,
    failure::{Failure, internal},
    persistence::{Change, Persistence},
};

/// Messages that one request takes away because their time is over; the rest waits for the next request.
const MAX_EXPIRED_AT_ONCE: usize = 1_000;

/// One queue.
#[derive(Debug)]
pub(super) struct Queue {
    /// Metadata, policies and the number under which its messages are kept.
    pub(super) record: Record,
    /// Set when the queue is gone while somebody still held it.
    pub(super) is_deleted: bool,
    pub(super) messages: Messages,
    last_sequence: u64,
    persistence: Persistence,
}

/// A message to be sent.
pub(super) struct Sending {
    pub(super) text: Bytes,
    /// `None` lives for ever.
    pub(super) time_to_live: Option<SignedDuration>,
    pub(super) invisible_for: SignedDuration,
}

impl Queue {
    /// The queue of that record, with the messages that were kept of it.
    pub(super) fn new(record: Record, messages: Messages, persistence: Persistence) -> Self {
        let last_sequence = messages.last_sequence();
        Self { record, is_deleted: false, messages, last_sequence, persistence }
    }

    /// Adds a message and returns it.
    pub(super) fn send(&mut self, now: Timestamp, sending: Sending) -> Result<Message, Failure> {
        let message = Message {
            id: Uuid::new_v4(),
            sequence: self.last_sequence + 1,
            inserted: now,
            expires: sending.time_to_live.map(|ttl| later(now, ttl)),
            visible: later(now, sending.invisible_for),
            dequeue_count: 0,
            receipt: Receipt::new(),
            text: None,
        };
        let mut change = self.persistence.change();
        record::put_message(&mut change, self.record.number, &message);
        record::put_text(&mut change, self.record.number, message.id, &sending.text);
        commit(change, "sending a message")?;
        self.last_sequence = message.sequence;
        let text = (!self.persistence.is_durable()).then_some(sending.text);
        self.messages.put(Message { text, ..message.clone() });
        Ok(message)
    }

    /// Up to `max` visible messages, as they are.
    pub(super) fn peek(&self, now: Timestamp, max: usize) -> Result<Vec<Message>, Failure> {
        self.messages
            .visible(now)
            .take(max)
            .map(|message| self.with_text(message.clone()))
            .collect()
    }

    /// Takes up to `max` visible messages and hides them for a while.
    pub(super) fn receive(
        &mut self,
        now: Timestamp,
        max: usize,
        invisible_for: SignedDuration,
    ) -> Result<Vec<Message>, Failure> {
        let received: Vec<Message> = self
            .messages
            .visible(now)
            .take(max)
            .map(|message| Message {
                visible: later(now, invisible_for),
                dequeue_count: message.dequeue_count.saturating_add(1),
                receipt: Receipt::new(),
                ..message.clone()
            })
            .collect();
        let answer = received
            .iter()
            .cloned()
            .map(|message| self.with_text(message))
            .collect::<Result<_, _>>()?;
        let mut change = self.persistence.change();
        for message in &received {
            record::put_message(&mut change, self.record.number, message);
        }
        commit(change, "receiving messages")?;
        for message in received {
            self.messages.put(message);
        }
        Ok(answer)
    }

    /// Hides a message anew, with another text if there is one, and returns it with its new receipt.
    pub(super) fn update(
        &mut self,
        now: Timestamp,
        id: Uuid,
        receipt: &str,
        invisible_for: SignedDuration,
        text: Option<Bytes>,
    ) -> Result<Message, Failure> {
        let message = Message {
            visible: later(now, invisible_for),
            receipt: Receipt::new(),
            ..self.held(now, id, receipt)?.clone()
        };
        let mut change = self.persistence.change();
        record::put_message(&mut change, self.record.number, &message);
        if let Some(text) = &text {
            record::put_text(&mut change, self.record.number, id, text);
        }
        commit(change, "updating a message")?;
        let text = if self.persistence.is_durable() {
            None
        } else {
            text.or_else(|| message.text.clone())
        };
        self.messages.put(Message { text, ..message.clone() });
        Ok(message)
    }

    /// Removes a message whose receipt the client shows.
    pub(super) fn delete(
        &mut self,
        now: Timestamp,
        id: Uuid,
        receipt: &str,
    ) -> Result<(), Failure> {
        self.held(now, id, receipt)?;
        self.remove(&[id], "deleting a message")
    }

    /// Removes messages whose time is over, a bounded number at a time.
    pub(super) fn expire(&mut self, now: Timestamp) -> Result<(), Failure> {
        let expired: Vec<Uuid> = self.messages.expired(now).take(MAX_EXPIRED_AT_ONCE).collect();
        if expired.is_empty() { Ok(()) } else { self.remove(&expired, "removing expired messages") }
    }

    /// The message, if it is there and the receipt is its latest.
    fn held(&self, now: Timestamp, id: Uuid, receipt: &str) -> Result<&Message, Failure> {
        match self.messages.get(id) {
            Some(message) if message.is_expired(now) => Err(code::MESSAGE_NOT_FOUND.into()),
            Some(message) if message.receipt.is(receipt) => Ok(message),
            Some(_) => Err(code::POP_RECEIPT_MISMATCH.into()),
            None => Err(code::MESSAGE_NOT_FOUND.into()),
        }
    }

    fn remove(&mut self, ids: &[Uuid], doing: &str) -> Result<(), Failure> {
        let mut change = self.persistence.change();
        for id in ids {
            record::remove_message(&mut change, self.record.number, *id);
        }
        commit(change, doing)?;
        for id in ids {
            self.messages.remove(*id);
        }
        Ok(())
    }

    fn with_text(&self, mut message: Message) -> Result<Message, Failure> {
        if message.text.is_none() {
            message.text = Some(record::text(&self.persistence, self.record.number, message.id)?);
        }
        Ok(message)
    }
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}

fn commit(change: Change<'_>, doing: &str) -> Result<(), Failure> {
    change.commit().map_err(|error| internal(doing, &error))
}
