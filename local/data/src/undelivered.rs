//! Events for one consumer, Event Grid's stand-in: recorded with the change that they tell of, handed out until they are
//! acknowledged.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::sync::Notify;

use crate::{
    Error,
    persistence::{Change, Persistence, from_json, json},
};

/// Events that may wait to be acknowledged; with more, nothing happens that would be told, until some are.
pub(crate) const MAX_WAITING: usize = 100_000;

/// Names an event, to acknowledge it. Later events have larger ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventId(u64);

impl EventId {
    /// The event that tells of the write of this number.
    pub(crate) fn of(write: u64) -> Self {
        Self(write)
    }
}

/// An event that has an id.
pub(crate) trait Identified: Clone + Serialize + DeserializeOwned {
    /// What it is acknowledged by.
    fn id(&self) -> EventId;
}

/// The events of one service that are not acknowledged.
#[derive(Debug)]
pub(crate) struct Undelivered<E> {
    waiting: Mutex<Waiting<E>>,
    arrived: Notify,
    persistence: Persistence,
    /// What their keys begin with.
    kind: &'static [u8],
    /// Whether anybody wants events.
    enabled: bool,
}

#[derive(Debug)]
struct Waiting<E> {
    /// Not acknowledged.
    all: BTreeMap<EventId, E>,
    /// Of those, not handed out in this run.
    next: VecDeque<EventId>,
}

impl<E: Identified> Undelivered<E> {
    /// What was kept unacknowledged; nothing is recorded unless `enabled`.
    pub(crate) fn open(
        persistence: Persistence,
        kind: &'static [u8],
        enabled: bool,
    ) -> Result<Self, Error> {
        let mut waiting = Waiting { all: BTreeMap::new(), next: VecDeque::new() };
        if enabled {
            persistence.scan(kind, |_, value| {
                let event: E = from_json(value)?;
                waiting.next.push_back(event.id());
                waiting.all.insert(event.id(), event);
                Ok(())
            })?;
        }
        let (waiting, arrived) = (Mutex::new(waiting), Notify::new());
        Ok(Self { waiting, arrived, persistence, kind, enabled })
    }

    /// The next event, when there is one. Each is handed out once in a run; those that were not acknowledged are
    /// handed out again in the next.
    pub(crate) async fn next(&self) -> E {
        loop {
            // Before looking, so that an event that arrives in between is not missed.
            let arrived = self.arrived.notified();
            if let Some(event) = self.lock().take() {
                return event;
            }
            arrived.await;
        }
    }

    /// The event was delivered, or given up for good: it need not be kept.
    pub(crate) fn acknowledge(&self, id: EventId) {
        let mut change = self.persistence.change();
        change.remove(self.key(id));
        if let Err(error) = change.commit() {
            // It is delivered once more after a restart, which Event Grid may do as well.
            tracing::warn!(%error, "forgetting a delivered event");
        }
        self.lock().all.remove(&id);
    }

    /// How many events are not acknowledged.
    pub(crate) fn waiting(&self) -> usize {
        self.lock().all.len()
    }

    /// Whether one more event can be promised.
    pub(crate) fn has_room(&self) -> bool {
        self.waiting() < MAX_WAITING
    }

    /// Puts an event into the change that it tells of.
    pub(crate) fn record(&self, change: &mut Change<'_>, event: Option<E>) -> Option<E> {
        let event = event.filter(|_| self.enabled)?;
        change.put(self.key(event.id()), || json(&event));
        Some(event)
    }

    /// Hands an event out once its change is kept.
    pub(crate) fn publish(&self, event: Option<E>) {
        let Some(event) = event else { return };
        {
            let mut waiting = self.lock();
            waiting.next.push_back(event.id());
            waiting.all.insert(event.id(), event);
        }
        self.arrived.notify_one();
    }

    fn key(&self, id: EventId) -> Vec<u8> {
        [self.kind, &id.0.to_be_bytes()].concat()
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<E>> {
        self.waiting.lock().expect("no code panics while it holds the events")
    }
}

impl<E: Identified> Waiting<E> {
    fn take(&mut self) -> Option<E> {
        while let Some(id) = self.next.pop_front() {
            if let Some(event) = self.all.get(&id) {
                return Some(event.clone());
            }
        }
        None
    }
}
