//! All queues of the account.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
    sync::{
        Arc, Mutex, MutexGuard, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    message::Message,
    messages::Messages,
    record::{self, Record},
    state::Queue,
};
use crate::{
    Error,
    storage::{
        code,
        failure::{Failure, internal},
        garbage::GarbageCollector,
        metadata::Metadata,
        persistence::{Persistence, from_json},
    },
};

/// The queues by name.
#[derive(Debug)]
pub(super) struct Store {
    queues: RwLock<BTreeMap<String, Arc<Mutex<Queue>>>>,
    last_number: AtomicU64,
    persistence: Persistence,
    pub(super) garbage: GarbageCollector,
}

/// What became of a request to create a queue.
pub(super) enum Created {
    /// It is new.
    New,
    /// It was there, with the same metadata.
    Same,
}

impl Store {
    /// Reads back what `persistence` holds.
    pub(super) fn open(persistence: Persistence) -> Result<Self, Error> {
        let mut records: BTreeMap<String, Record> = BTreeMap::new();
        persistence.scan(record::QUEUE, |name, value| {
            let name = String::from_utf8(name.to_vec()).map_err(|e| e.to_string())?;
            records.insert(name, from_json(value)?);
            Ok(())
        })?;
        let mut messages: HashMap<u64, Messages> =
            records.values().map(|record| (record.number, Messages::default())).collect();
        let mut garbage = Vec::new();
        persistence.scan(record::MESSAGE, |key, value| {
            let number = record::number_of(key)?;
            match messages.get_mut(&number) {
                Some(messages) => messages.put(from_json::<Message>(value)?),
                None if garbage.last() != Some(&number) => garbage.push(number),
                None => {}
            }
            Ok(())
        })?;
        let numbers = messages.keys().chain(&garbage);
        let last_number = AtomicU64::new(numbers.copied().max().unwrap_or(0));
        let queue = |(name, record): (String, Record)| {
            let messages = messages.remove(&record.number).unwrap_or_default();
            (name, Arc::new(Mutex::new(Queue::new(record, messages, persistence.clone()))))
        };
        let queues = RwLock::new(records.into_iter().map(queue).collect());
        // Texts first: what is found at the next start are the messages.
        let garbage =
            GarbageCollector::new(persistence.clone(), &[record::TEXT, record::MESSAGE], garbage);
        Ok(Self { queues, last_number, persistence, garbage })
    }

    /// Creates a queue unless it is there with the same metadata.
    pub(super) fn create(&self, name: &str, metadata: Metadata) -> Result<Created, Failure> {
        let mut queues = self.queues.write().expect(UNPOISONED);
        if let Some(queue) = queues.get(name) {
            let same = lock(queue).record.metadata == metadata;
            return if same { Ok(Created::Same) } else { Err(code::QUEUE_ALREADY_EXISTS.into()) };
        }
        let record = Record { number: self.next_number(), metadata, policies: Vec::new() };
        self.keep_record(name, &record)?;
        let queue = Queue::new(record, Messages::default(), self.persistence.clone());
        queues.insert(name.to_owned(), Arc::new(Mutex::new(queue)));
        Ok(Created::New)
    }

    /// Does something with a queue that must exist, alone with it.
    pub(super) fn with<T>(
        &self,
        name: &str,
        work: impl FnOnce(&mut Queue) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let queue = self.queues.read().expect(UNPOISONED).get(name).cloned();
        let queue = queue.ok_or_else(|| Failure::from(code::QUEUE_NOT_FOUND))?;
        let mut queue = lock(&queue);
        if queue.is_deleted { Err(code::QUEUE_NOT_FOUND.into()) } else { work(&mut queue) }
    }

    /// Changes a queue's metadata or policies.
    pub(super) fn edit(&self, name: &str, edit: impl FnOnce(&mut Record)) -> Result<(), Failure> {
        self.with(name, |queue| {
            let mut record = queue.record.clone();
            edit(&mut record);
            self.keep_record(name, &record)?;
            queue.record = record;
            Ok(())
        })
    }

    /// Deletes a queue; its messages are cleared away afterwards.
    pub(super) fn delete(&self, name: &str) -> Result<(), Failure> {
        let (number, messages) = {
            let mut queues = self.queues.write().expect(UNPOISONED);
            let queue =
                queues.get(name).cloned().ok_or_else(|| Failure::from(code::QUEUE_NOT_FOUND))?;
            let mut queue = lock(&queue);
            let mut change = self.persistence.change();
            record::remove_queue(&mut change, name);
            change.commit().map_err(|error| internal("deleting a queue", &error))?;
            queues.remove(name);
            queue.is_deleted = true;
            (queue.record.number, std::mem::take(&mut queue.messages))
        };
        self.clear_away(number, messages);
        Ok(())
    }

    /// Removes every message of a queue.
    pub(super) fn clear(&self, name: &str) -> Result<(), Failure> {
        let (number, messages) = self.with(name, |queue| {
            let record = Record { number: self.next_number(), ..queue.record.clone() };
            self.keep_record(name, &record)?;
            let old = std::mem::replace(&mut queue.record, record);
            Ok((old.number, std::mem::take(&mut queue.messages)))
        })?;
        self.clear_away(number, messages);
        Ok(())
    }

    /// Up to `max` queues whose names begin with `prefix`, from `marker` on, and the name where the next page begins.
    pub(super) fn list(
        &self,
        prefix: &str,
        marker: &str,
        max: usize,
    ) -> (Vec<(String, Metadata)>, Option<String>) {
        let queues = self.queues.read().expect(UNPOISONED);
        let from = prefix.max(marker);
        let mut rest = queues
            .range::<str, _>((Bound::Included(from), Bound::Unbounded))
            .take_while(|(name, _)| name.starts_with(prefix));
        let page = rest
            .by_ref()
            .take(max)
            .map(|(name, queue)| (name.clone(), lock(queue).record.metadata.clone()))
            .collect();
        let next = rest.next().map(|(name, _)| name.clone());
        (page, next)
    }

    fn clear_away(&self, number: u64, messages: Messages) {
        self.garbage.add(number);
        // A million messages take their time, even only to forget them.
        tokio::task::spawn_blocking(move || drop(messages));
    }

    fn keep_record(&self, name: &str, record: &Record) -> Result<(), Failure> {
        let mut change = self.persistence.change();
        record::put_queue(&mut change, name, record);
        change.commit().map_err(|error| internal("keeping a queue", &error))
    }

    fn next_number(&self) -> u64 {
        self.last_number.fetch_add(1, Ordering::Relaxed) + 1
    }
}

const UNPOISONED: &str = "no code panics while it holds the queues";

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().expect("no code panics while it holds a queue")
}
