//! What an app does with its data, noted where it asks for a handle.

use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

/// A container and what the app may do with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContainerUse {
    /// The database, which bears the name of the app that owns it.
    pub database: String,
    /// The container.
    pub name: String,
    /// `read`, and `write` for an app's own containers.
    pub uses: Vec<&'static str>,
}

/// A queue or blob container and what the app may do with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StorageUse {
    /// The queue or blob container.
    pub name: String,
    /// `send` and `length` of a queue, `read` and `write` of a blob container.
    pub uses: Vec<&'static str>,
}

/// What an app does with its queues and blob containers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StorageUses {
    /// Ordered by name.
    pub queues: Vec<StorageUse>,
    /// Ordered by name.
    pub blob_containers: Vec<StorageUse>,
}

/// Notes uses under a key; what is noted twice is kept once.
#[derive(Debug)]
pub(crate) struct Registry<K>(Mutex<BTreeMap<K, BTreeSet<&'static str>>>);

impl<K: Ord + Clone> Registry<K> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    pub(crate) fn note(&self, key: K, uses: &[&'static str]) {
        let mut noted = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        noted.entry(key).or_default().extend(uses);
    }

    /// In the order of the keys, and of the names of the uses.
    pub(crate) fn list<T>(&self, mut each: impl FnMut(K, Vec<&'static str>) -> T) -> Vec<T> {
        let noted = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        noted.iter().map(|(key, uses)| each(key.clone(), uses.iter().copied().collect())).collect()
    }
}
