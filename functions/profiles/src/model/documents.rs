//! The containers of the model: every version of every document, so that a read can be old, and writes whose answer does
//! not come, or that happen later than their answer.

use crate::store::Collection;
use azure_data::{CosmosFailure, Etag, Item, WriteError};
use rand::{Rng, rngs::SmallRng};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use values::Clock;

/// How many versions back an old read goes at most.
const MAX_OLD: usize = 4;

/// A document's name: its container and its id.
type Name = (&'static str, String);

/// One version; no value: it is gone.
#[derive(Debug, Clone)]
struct Version {
    etag: u64,
    written_s: i64,
    value: Option<Value>,
}

/// A write, with its condition: the version that must be there, none for a creation.
#[derive(Debug, Clone)]
struct Write {
    name: Name,
    expected: Option<u64>,
    value: Option<Value>,
}

/// All that lasts.
pub(super) struct Documents {
    pub(super) random: SmallRng,
    pub(super) with_faults: bool,
    clock: Clock,
    versions: BTreeMap<Name, Vec<Version>>,
    /// Under way, though whoever sent them has given up waiting.
    late: Vec<Write>,
    last_etag: u64,
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
    pub(super) fn new(random: SmallRng, clock: Clock) -> Self {
        let (versions, late) = (BTreeMap::new(), Vec::new());
        let documents =
            Documents { random, with_faults: true, clock, versions, late, last_etag: 0 };
        Self(Arc::new(Mutex::new(documents)))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Documents> {
        self.0.lock().unwrap()
    }

    pub(super) fn container(&self, name: &'static str) -> Container {
        Container { name, clock: self.lock().clock.clone(), documents: self.clone() }
    }
}

impl Documents {
    /// The documents of a container as they are.
    pub(super) fn all(&mut self, container: &str) -> Vec<Value> {
        let names: Vec<Name> =
            self.versions.keys().filter(|name| name.0 == container).cloned().collect();
        names.iter().filter_map(|name| self.newest(name)?.value).collect()
    }

    /// Every version that a document ever had.
    pub(super) fn history(&self, container: &'static str, id: &str) -> Vec<Value> {
        let versions = self.versions.get(&(container, id.to_owned()));
        versions.into_iter().flatten().filter_map(|version| version.value.clone()).collect()
    }

    /// A write that is under way arrives.
    pub(super) fn deliver_late(&mut self) {
        if !self.late.is_empty() {
            let at = self.random.random_range(0..self.late.len());
            let write = self.late.swap_remove(at);
            let _ = self.apply(&write);
        }
    }

    pub(super) fn deliver_all(&mut self) {
        while !self.late.is_empty() {
            self.deliver_late();
        }
    }

    /// What is there now, once documents whose time is over are gone.
    fn newest(&mut self, name: &Name) -> Option<Version> {
        let now_s = self.clock.now().as_second();
        let versions = self.versions.get_mut(name)?;
        let newest = versions.last()?.clone();
        let ttl_s = newest.value.as_ref().and_then(|value| value["ttl"].as_i64());
        if ttl_s.is_some_and(|ttl_s| newest.written_s + ttl_s <= now_s) {
            self.last_etag += 1;
            versions.push(Version { etag: self.last_etag, written_s: now_s, value: None });
        }
        versions.last().cloned()
    }

    fn read(&mut self, name: &Name) -> Option<Version> {
        self.newest(name)?;
        let is_old = self.with_faults && self.random.random_bool(0.2);
        let back = if is_old { self.random.random_range(0..=MAX_OLD) } else { 0 };
        let versions = &self.versions[name];
        let at = versions.len().checked_sub(1 + back)?;
        Some(versions[at].clone())
    }

    fn apply(&mut self, write: &Write) -> Result<u64, ()> {
        let there = self.newest(&write.name).filter(|version| version.value.is_some());
        if there.map(|version| version.etag) != write.expected {
            return Err(());
        }
        self.last_etag += 1;
        let written_s = self.clock.now().as_second();
        let version = Version { etag: self.last_etag, written_s, value: write.value.clone() };
        self.versions.entry(write.name.clone()).or_default().push(version);
        Ok(self.last_etag)
    }

    /// The write and its answer, which may not be the truth: the driver sends a write whose answer it lost again, and
    /// then hears that the document has changed.
    fn write(&mut self, write: Write) -> Result<u64, WriteError> {
        let failed = || WriteError::Failed(CosmosFailure::no_answer("writing"));
        let fate = if self.with_faults { self.random.random_range(0..100) } else { 100 };
        match fate {
            0..3 => Err(failed()),
            3..6 => {
                self.late.push(write);
                Err(failed())
            }
            6..9 => {
                let _ = self.apply(&write);
                Err(failed())
            }
            9..15 => {
                let _ = self.apply(&write);
                Err(WriteError::Conflict)
            }
            _ => self.apply(&write).map_err(|()| WriteError::Conflict),
        }
    }
}

impl Container {
    async fn write(
        &self,
        id: &str,
        expected: Option<&Etag>,
        value: Option<Value>,
    ) -> Result<Etag, WriteError> {
        let expected = expected.map(|etag| etag.to_string().parse().unwrap());
        let write = Write { name: (self.name, id.to_owned()), expected, value };
        // Others are at work before it happens, and before its answer is there.
        tokio::task::yield_now().await;
        let written = self.documents.lock().write(write);
        tokio::task::yield_now().await;
        written.map(|etag| Etag::from(etag.to_string()))
    }
}

impl Collection for Container {
    async fn read<T: DeserializeOwned>(&self, id: &str) -> Result<Option<Item<T>>, CosmosFailure> {
        tokio::task::yield_now().await;
        let version = self.documents.lock().read(&(self.name, id.to_owned()));
        tokio::task::yield_now().await;
        let Some(Version { etag, value: Some(value), .. }) = version else { return Ok(None) };
        let value = serde_json::from_value(value).unwrap();
        Ok(Some(Item { value, etag: Etag::from(etag.to_string()) }))
    }

    async fn create<T: Serialize + Sync>(&self, id: &str, value: &T) -> Result<Etag, WriteError> {
        self.write(id, None, Some(json!(value))).await
    }

    async fn replace<T: Serialize + Sync>(
        &self,
        id: &str,
        value: &T,
        etag: &Etag,
    ) -> Result<Etag, WriteError> {
        self.write(id, Some(etag), Some(json!(value))).await
    }

    async fn delete(&self, id: &str, etag: &Etag) -> Result<(), WriteError> {
        self.write(id, Some(etag), None).await.map(drop)
    }

    async fn pause(&self, tries: u32) {
        let most_ms = (8_u64 << tries.min(5)).min(256);
        self.clock.advance(Duration::from_millis(most_ms / 2));
        tokio::task::yield_now().await;
    }
}
