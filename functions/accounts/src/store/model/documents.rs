//! The containers of the model: every version of every document, so that a read can be old, and batches whose answer does
//! not come, or that happen later than their answer.

use crate::store::partitions::{Partitions, Write};
use azure_data::{BatchError, CosmosFailure, Etag, Item};
use rand::{Rng, rngs::SmallRng};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use values::Clock;

/// How many versions back an old read goes at most.
const MAX_OLD: usize = 4;

/// A document's name: its container, its partition and its id.
type Name = (&'static str, String, String);

/// One version; no value: it is gone.
#[derive(Debug, Clone)]
struct Version {
    etag: u64,
    value: Option<Value>,
}

#[derive(Debug, Clone)]
struct Batch {
    container: &'static str,
    partition: String,
    writes: Vec<Write>,
}

/// What a batch made of the documents that it wrote; none: not there.
pub(super) struct Written {
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// Looks at every batch that happens, and fails if it must not.
pub(super) type Watch = Box<dyn Fn(&[Written]) + Send>;

/// All that lasts.
pub(super) struct Documents {
    pub(super) random: SmallRng,
    pub(super) with_faults: bool,
    watch: Watch,
    versions: BTreeMap<Name, Vec<Version>>,
    /// Under way, though whoever sent them has given up waiting.
    late: Vec<Batch>,
    last_etag: u64,
    /// The entity tag of the last document that was there before anything happened.
    first: u64,
    pub(super) batches: u64,
}

/// One container, as a worker sees it.
#[derive(Debug, Clone)]
pub(super) struct Container {
    name: &'static str,
    clock: Clock,
    documents: Shared,
}

/// The documents, of which each worker has a part.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Documents>>);

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

impl Shared {
    pub(super) fn new(random: SmallRng, watch: Watch) -> Self {
        let (versions, late) = (BTreeMap::new(), Vec::new());
        let (with_faults, last_etag, batches) = (true, 0, 0);
        let documents =
            Documents { random, with_faults, watch, versions, late, last_etag, first: 0, batches };
        Self(Arc::new(Mutex::new(documents)))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Documents> {
        self.0.lock().unwrap()
    }

    pub(super) fn container(&self, name: &'static str, clock: &Clock) -> Container {
        Container { name, clock: clock.clone(), documents: self.clone() }
    }
}

impl Documents {
    /// The documents of a container as they are.
    pub(super) fn all(&self, container: &str) -> Vec<Value> {
        let of = self.versions.iter().filter(|(name, _)| name.0 == container);
        of.filter_map(|(_, versions)| versions.last()?.value.clone()).collect()
    }

    /// A document without conditions, before anything happens.
    pub(super) fn put(&mut self, container: &'static str, partition: &str, value: Value) {
        let id = value["id"].as_str().unwrap().to_owned();
        self.last_etag += 1;
        self.first = self.last_etag;
        let version = Version { etag: self.last_etag, value: Some(value) };
        self.versions.entry((container, partition.to_owned(), id)).or_default().push(version);
    }

    /// A batch that is under way arrives.
    pub(super) fn deliver_late(&mut self) {
        if !self.late.is_empty() {
            let at = self.random.random_range(0..self.late.len());
            let batch = self.late.swap_remove(at);
            let _ = self.apply(&batch);
        }
    }

    pub(super) fn deliver_all(&mut self) {
        while !self.late.is_empty() {
            self.deliver_late();
        }
    }

    fn read(&mut self, name: &Name) -> Option<Version> {
        let versions = self.versions.get(name)?;
        let is_old = self.with_faults && self.random.random_bool(0.2);
        let back = if is_old { self.random.random_range(0..=MAX_OLD) } else { 0 };
        // What was there before anything happened is in every copy.
        let oldest = versions.len() - 1;
        let back = if versions[0].etag <= self.first { back.min(oldest) } else { back };
        Some(versions[oldest.checked_sub(back)?].clone())
    }

    /// All of it or none: which operation was refused, and with what.
    fn apply(&mut self, batch: &Batch) -> Result<(), (usize, u16)> {
        let mut written = Vec::new();
        for (operation, write) in batch.writes.iter().enumerate() {
            let name = batch.name(write);
            let there = self.versions.get(&name).and_then(|versions| versions.last());
            let there = there.filter(|version| version.value.is_some());
            let refused = match (write, there) {
                (Write::Create(_), None) => None,
                (Write::Create(_), Some(_)) => Some(409),
                (Write::Replace(..), None) => Some(404),
                (Write::Replace(_, _, etag), Some(there)) => {
                    (etag.to_string() != there.etag.to_string()).then_some(412)
                }
            };
            if let Some(status) = refused {
                return Err((operation, status));
            }
            let before = there.and_then(|version| version.value.clone());
            written.push((name, Written { before, after: write.value() }));
        }
        self.batches += 1;
        let all: Vec<Written> = written.iter().map(|(_, one)| one.copy()).collect();
        (self.watch)(&all);
        for (name, Written { after, .. }) in written {
            self.last_etag += 1;
            let version = Version { etag: self.last_etag, value: after };
            self.versions.entry(name).or_default().push(version);
        }
        Ok(())
    }

    /// The batch and its answer, which may not be the truth: the driver sends a batch whose answer it lost again, and
    /// then hears that what it creates is there.
    fn commit(&mut self, batch: Batch) -> Result<(), BatchError> {
        let failed = || BatchError::Failed(CosmosFailure::no_answer("writing"));
        let fate = if self.with_faults { self.random.random_range(0..100) } else { 100 };
        match fate {
            0..3 => Err(failed()),
            3..6 => {
                self.late.push(batch);
                Err(failed())
            }
            6..9 => {
                let _ = self.apply(&batch);
                Err(failed())
            }
            9..15 => {
                let _ = self.apply(&batch);
                Err(BatchError::Refused { operation: 0, status: 412 })
            }
            _ => {
                let applied = self.apply(&batch);
                applied.map_err(|(operation, status)| BatchError::Refused { operation, status })
            }
        }
    }
}

impl Batch {
    fn name(&self, write: &Write) -> Name {
        let id = match write {
            Write::Create(value) => value["id"].as_str().unwrap(),
            Write::Replace(id, ..) => id,
        };
        (self.container, self.partition.clone(), id.to_owned())
    }
}

impl Write {
    fn value(&self) -> Option<Value> {
        match self {
            Self::Create(value) | Self::Replace(_, value, _) => Some(value.clone()),
        }
    }
}

impl Written {
    fn copy(&self) -> Self {
        Self { before: self.before.clone(), after: self.after.clone() }
    }
}

impl Partitions for Container {
    async fn read<T: DeserializeOwned>(
        &self,
        partition: &str,
        id: &str,
    ) -> Result<Option<Item<T>>, CosmosFailure> {
        // Others are at work before it happens, and before its answer is there.
        tokio::task::yield_now().await;
        let name = (self.name, partition.to_owned(), id.to_owned());
        let version = self.documents.lock().read(&name);
        tokio::task::yield_now().await;
        let Some(Version { etag, value: Some(value) }) = version else { return Ok(None) };
        let value = serde_json::from_value(value).unwrap();
        Ok(Some(Item { value, etag: Etag::from(etag.to_string()) }))
    }

    async fn read_many(
        &self,
        partition: &str,
        ids: &[String],
    ) -> Result<Vec<Value>, CosmosFailure> {
        tokio::task::yield_now().await;
        let mut documents = self.documents.lock();
        let mut one =
            |id: &String| documents.read(&(self.name, partition.to_owned(), id.clone()))?.value;
        Ok(ids.iter().filter_map(&mut one).collect())
    }

    async fn commit(&self, partition: &str, writes: Vec<Write>) -> Result<(), BatchError> {
        let batch = Batch { container: self.name, partition: partition.to_owned(), writes };
        tokio::task::yield_now().await;
        let committed = self.documents.lock().commit(batch);
        tokio::task::yield_now().await;
        committed
    }

    async fn pause(&self, tries: u32) {
        let most_ms = (8_u64 << tries.min(5)).min(256);
        self.clock.advance(Duration::from_millis(most_ms / 2));
        tokio::task::yield_now().await;
    }
}
