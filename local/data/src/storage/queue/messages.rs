//! The messages of one queue, ordered by when they may be received and by when they vanish, so that a queue of a
//! million is as quick as a queue of ten.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use uuid::Uuid;

use super::message::Message;

/// Messages by name, by visibility and by expiry.
#[derive(Debug, Default)]
pub(super) struct Messages {
    by_id: HashMap<Uuid, Message>,
    by_visible: BTreeSet<(Timestamp, u64, Uuid)>,
    by_expiry: BTreeSet<(Timestamp, Uuid)>,
}

impl Messages {
    /// How many there are, visible or not.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The message of that name.
    pub(super) fn get(&self, id: Uuid) -> Option<&Message> {
        self.by_id.get(&id)
    }

    /// Adds a message, or puts it in the place of the one with its name.
    pub(super) fn put(&mut self, message: Message) {
        self.remove(message.id);
        self.by_visible.insert((message.visible, message.sequence, message.id));
        if let Some(expires) = message.expires {
            self.by_expiry.insert((expires, message.id));
        }
        self.by_id.insert(message.id, message);
    }

    /// Takes a message out.
    pub(super) fn remove(&mut self, id: Uuid) -> Option<Message> {
        let message = self.by_id.remove(&id)?;
        self.by_visible.remove(&(message.visible, message.sequence, id));
        if let Some(expires) = message.expires {
            self.by_expiry.remove(&(expires, id));
        }
        Some(message)
    }

    /// Those that may be received now, the longest waiting first.
    pub(super) fn visible(&self, now: Timestamp) -> impl Iterator<Item = &Message> {
        let until_now = ..=(now, u64::MAX, Uuid::max());
        let alive = move |message: &&Message| !message.is_expired(now);
        self.by_visible.range(until_now).filter_map(|(_, _, id)| self.by_id.get(id)).filter(alive)
    }

    /// Those that have vanished by now.
    pub(super) fn expired(&self, now: Timestamp) -> impl Iterator<Item = Uuid> {
        self.by_expiry.range(..=(now, Uuid::max())).map(|(_, id)| *id)
    }

    /// The largest sequence number in use.
    pub(super) fn last_sequence(&self) -> u64 {
        self.by_id.values().map(|message| message.sequence).max().unwrap_or(0)
    }
}
