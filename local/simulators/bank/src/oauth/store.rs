//! What outlives the process: requests, codes, consents and tokens.
//!
//! fjall hands every write to the operating system before the call returns: what was answered survives `kill -9`.

use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions};
use serde::{Serialize, de::DeserializeOwned};

/// The journal is read back at every start: small enough to do so quickly.
const MAX_JOURNAL_BYTES: u64 = 64 << 20;
/// Everything is in memory anyway.
const CACHE_BYTES: u64 = 4 << 20;

/// Something could not be kept.
#[derive(Debug, thiserror::Error)]
#[error("keeping what the bank granted: {0}")]
pub(crate) struct NotStored(#[from] fjall::Error);

/// What a record is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shelf {
    Requests,
    Codes,
    Consents,
    Tokens,
}

/// Where records are kept: nowhere, or in a directory.
#[derive(Default)]
pub(crate) struct Store(Option<Disk>);

struct Disk {
    /// Open for as long as its keyspaces are.
    _database: Database,
    shelves: [Keyspace; 4],
}

impl Store {
    /// Opens the records in `dir`, creating them if there are none.
    pub(crate) fn open(dir: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
        let disk = Disk::open(dir).map_err(|error| match error {
            fjall::Error::Locked => "another process uses them".to_owned(),
            other => other.to_string(),
        })?;
        Ok(Self(Some(disk)))
    }

    /// All records of a shelf, with their keys.
    pub(crate) fn all<T: DeserializeOwned>(
        &self,
        shelf: Shelf,
    ) -> Result<Vec<(String, T)>, String> {
        let Some(disk) = &self.0 else { return Ok(Vec::new()) };
        let each = disk.shelves[shelf as usize].iter().map(|stored| {
            let (key, value) = stored.into_inner().map_err(|error| error.to_string())?;
            let value = serde_json::from_slice(&value).map_err(|error| error.to_string())?;
            Ok((String::from_utf8_lossy(&key).into_owned(), value))
        });
        each.collect()
    }

    pub(crate) fn put(
        &self,
        shelf: Shelf,
        key: &str,
        value: &impl Serialize,
    ) -> Result<(), NotStored> {
        let Some(disk) = &self.0 else { return Ok(()) };
        let json = serde_json::to_vec(value).expect("what is kept is plain values");
        Ok(disk.shelves[shelf as usize].insert(key, json)?)
    }

    pub(crate) fn remove(&self, shelf: Shelf, key: &str) -> Result<(), NotStored> {
        let Some(disk) = &self.0 else { return Ok(()) };
        Ok(disk.shelves[shelf as usize].remove(key)?)
    }
}

impl Disk {
    fn open(dir: &Path) -> Result<Self, fjall::Error> {
        let database = Database::builder(dir)
            .max_journaling_size(MAX_JOURNAL_BYTES)
            .cache_size(CACHE_BYTES)
            .worker_threads(1)
            .open()?;
        let shelf = |name| database.keyspace(name, KeyspaceCreateOptions::default);
        let shelves = [shelf("requests")?, shelf("codes")?, shelf("consents")?, shelf("tokens")?];
        Ok(Self { _database: database, shelves })
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Store::Disk" } else { "Store::Memory" })
    }
}
