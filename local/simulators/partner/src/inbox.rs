//! All that the partner knows: its receivers, what came to them, who came back.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use simulator_shell::Clock;

use crate::{
    message::{Attempt, Message},
    receiver::Receiver,
    store::{NotStored, Store, Stored},
};

/// Messages that are remembered; of more, the oldest are forgotten.
const MAX_MESSAGES: usize = 100_000;
/// People who came back that are remembered.
const MAX_RETURNS: usize = 10_000;

/// Shared by all connections.
#[derive(Debug)]
pub(crate) struct Inbox {
    known: Mutex<Known>,
    pub(crate) clock: Clock,
}

#[derive(Debug)]
struct Known {
    receivers: BTreeMap<String, Receiver>,
    /// By number.
    messages: BTreeMap<u64, Message>,
    /// By receiver and id, the number.
    numbers: BTreeMap<(String, String), u64>,
    returns: VecDeque<Return>,
    store: Store,
}

/// A person who came back from the bank.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Return {
    /// Counts from 1.
    pub(crate) number: u64,
    pub(crate) at: Timestamp,
    pub(crate) consent_id: String,
    /// The names of all parameters of the address.
    pub(crate) parameters: Vec<String>,
}

/// `GET /v1/simulation`.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counts {
    /// Messages by receiver and id, believed or not.
    pub(crate) messages: usize,
    /// Of them, those that were worked at.
    pub(crate) taken: usize,
    /// Attempts of all messages.
    pub(crate) attempts: u64,
    /// Attempts of messages that had been taken before.
    pub(crate) repeated: u64,
    /// Messages of which no attempt was believed.
    pub(crate) never_believed: usize,
    /// Messages that came with two different bodies, each rightly signed.
    pub(crate) body_changed: usize,
    /// People who came back.
    pub(crate) returns: usize,
}

impl Inbox {
    pub(crate) fn new(store: Store, stored: Stored, clock: Clock) -> Self {
        let Stored { messages, receivers, returns } = stored;
        let numbers = messages
            .iter()
            .map(|message| ((message.receiver.clone(), message.id.clone()), message.number));
        let known = Known {
            numbers: numbers.collect(),
            receivers: receivers.into_iter().map(|one| (one.name.clone(), one)).collect(),
            messages: messages.into_iter().map(|message| (message.number, message)).collect(),
            returns: returns.into(),
            store,
        };
        Self { known: Mutex::new(known), clock }
    }

    pub(crate) fn receiver(&self, name: &str) -> Option<Receiver> {
        self.lock().receivers.get(name).cloned()
    }

    pub(crate) fn receivers(&self) -> Vec<Receiver> {
        self.lock().receivers.values().cloned().collect()
    }

    pub(crate) fn put_receiver(&self, receiver: Receiver) -> Result<(), NotStored> {
        let mut known = self.lock();
        known.store.put_receiver(&receiver)?;
        known.receivers.insert(receiver.name.clone(), receiver);
        Ok(())
    }

    pub(crate) fn remove_receiver(&self, name: &str) -> Result<(), NotStored> {
        let mut known = self.lock();
        known.store.remove_receiver(name)?;
        known.receivers.remove(name);
        Ok(())
    }

    /// How often a message came.
    pub(crate) fn times(&self, receiver: &str, id: &str) -> u32 {
        let known = self.lock();
        let number = known.numbers.get(&(receiver.to_owned(), id.to_owned()));
        number.and_then(|number| known.messages.get(number)).map_or(0, |message| message.times)
    }

    /// Keeps an attempt; when this returns it outlives the process. `body` is its body if it was believed, `is_taken` whether
    /// the message is worked at, and the answer whether it had been before.
    pub(crate) fn record(
        &self,
        (receiver, id): (&str, &str),
        attempt: Attempt,
        body: Option<&[u8]>,
        is_taken: bool,
    ) -> Result<bool, NotStored> {
        let mut known = self.lock();
        let key = (receiver.to_owned(), id.to_owned());
        let number = known.numbers.get(&key).copied();
        let mut message = match number.and_then(|number| known.messages.get(&number)) {
            Some(message) => message.clone(),
            None => Message::new(known.next_number(), key.0.clone(), key.1.clone()),
        };
        let was_taken = message.taken_at.is_some();
        message.attempted(attempt, body, is_taken);
        known.store.put_message(&message)?;
        known.numbers.insert(key, message.number);
        known.messages.insert(message.number, message);
        known.keep_within_limits()?;
        Ok(was_taken)
    }

    /// What came, in the order of the first attempts.
    pub(crate) fn messages(&self, wanted: impl Fn(&Message) -> bool) -> Vec<Message> {
        self.lock().messages.values().filter(|message| wanted(message)).cloned().collect()
    }

    /// Forgets what came, to all receivers or to one.
    pub(crate) fn forget(&self, receiver: Option<&str>) -> Result<(), NotStored> {
        let mut known = self.lock();
        let is_meant = |message: &&Message| receiver.is_none_or(|name| message.receiver == name);
        let numbers: Vec<u64> =
            known.messages.values().filter(is_meant).map(|message| message.number).collect();
        numbers.into_iter().try_for_each(|number| known.forget(number))
    }

    pub(crate) fn came_back(
        &self,
        consent_id: String,
        parameters: Vec<String>,
    ) -> Result<(), NotStored> {
        let at = self.clock.now();
        let mut known = self.lock();
        let number = known.returns.back().map_or(1, |last| last.number + 1);
        let one = Return { number, at, consent_id, parameters };
        known.store.put_return(&one)?;
        known.returns.push_back(one);
        if known.returns.len() > MAX_RETURNS
            && let Some(oldest) = known.returns.pop_front()
        {
            known.store.remove_return(oldest.number)?;
        }
        Ok(())
    }

    pub(crate) fn returns(&self) -> Vec<Return> {
        self.lock().returns.iter().cloned().collect()
    }

    pub(crate) fn counts(&self) -> Counts {
        let known = self.lock();
        let mut counts = Counts { returns: known.returns.len(), ..Counts::default() };
        for message in known.messages.values() {
            counts.messages += 1;
            counts.taken += usize::from(message.taken_at.is_some());
            counts.attempts += u64::from(message.times);
            counts.repeated += u64::from(message.repeated);
            counts.never_believed += usize::from(message.body.is_none());
            counts.body_changed += usize::from(message.body_changed);
        }
        counts
    }

    /// Whoever holds it does not wait for anything but the disk.
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("no code panics while it holds what the partner knows")
    }
}

impl Known {
    fn next_number(&self) -> u64 {
        self.messages.last_key_value().map_or(1, |(last, _)| last + 1)
    }

    fn keep_within_limits(&mut self) -> Result<(), NotStored> {
        let oldest = self.messages.first_key_value().map(|(number, _)| *number);
        match oldest {
            Some(oldest) if self.messages.len() > MAX_MESSAGES => self.forget(oldest),
            _ => Ok(()),
        }
    }

    fn forget(&mut self, number: u64) -> Result<(), NotStored> {
        self.store.remove_message(number)?;
        if let Some(message) = self.messages.remove(&number) {
            self.numbers.remove(&(message.receiver, message.id));
        }
        Ok(())
    }
}
