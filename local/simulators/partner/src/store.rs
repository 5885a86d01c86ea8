//! What outlives the process.
//!
//! fjall hands every write to the operating system before the call returns: what was kept survives `kill -9`. A power
//! cut may take the last moments.

use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions};
use serde::{Serialize, de::DeserializeOwned};

use crate::{inbox::Return, message::Message, receiver::Receiver};

/// The journal is read back at every start: small enough to do so quickly.
const MAX_JOURNAL_BYTES: u64 = 64 << 20;
/// Everything is in memory anyway.
const CACHE_BYTES: u64 = 4 << 20;

/// Something could not be kept: it is not there.
#[derive(Debug, thiserror::Error)]
#[error("keeping what the partner knows: {0}")]
pub(crate) struct NotStored(#[from] fjall::Error);

/// Where what came is stored.
pub(crate) enum Store {
    /// Nowhere.
    Memory,
    /// In a directory.
    Disk(Disk),
}

/// An open database.
pub(crate) struct Disk {
    messages: Keyspace,
    receivers: Keyspace,
    returns: Keyspace,
    /// Closed last.
    _database: Database,
}

/// What was stored.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) messages: Vec<Message>,
    pub(crate) receivers: Vec<Receiver>,
    pub(crate) returns: Vec<Return>,
}

impl Store {
    /// Opens the database in `dir`, creating it if there is none, and reads it.
    pub(crate) fn open(dir: &Path) -> Result<(Self, Stored), String> {
        std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
        let disk = Disk::open(dir).map_err(|error| match error {
            fjall::Error::Locked => "another process uses them".to_owned(),
            other => other.to_string(),
        })?;
        let stored = Stored {
            messages: read(&disk.messages)?,
            receivers: read(&disk.receivers)?,
            returns: read(&disk.returns)?,
        };
        Ok((Self::Disk(disk), stored))
    }

    pub(crate) fn put_message(&self, message: &Message) -> Result<(), NotStored> {
        let Self::Disk(disk) = self else { return Ok(()) };
        Ok(disk.messages.insert(message.number.to_be_bytes(), json(message))?)
    }

    pub(crate) fn put_receiver(&self, receiver: &Receiver) -> Result<(), NotStored> {
        let Self::Disk(disk) = self else { return Ok(()) };
        Ok(disk.receivers.insert(&receiver.name, json(receiver))?)
    }

    pub(crate) fn remove_receiver(&self, name: &str) -> Result<(), NotStored> {
        let Self::Disk(disk) = self else { return Ok(()) };
        Ok(disk.receivers.remove(name)?)
    }

    pub(crate) fn put_return(&self, one: &Return) -> Result<(), NotStored> {
        let Self::Disk(disk) = self else { return Ok(()) };
        Ok(disk.returns.insert(one.number.to_be_bytes(), json(one))?)
    }

    pub(crate) fn remove_return(&self, number: u64) -> Result<(), NotStored> {
        let Self::Disk(disk) = self else { return Ok(()) };
        Ok(disk.returns.remove(number.to_be_bytes())?)
    }

    pub(crate) fn remove_message(&self, number: u64) -> Result<(), NotStored> {
        let Self::Disk(disk) = self else { return Ok(()) };
        Ok(disk.messages.remove(number.to_be_bytes())?)
    }
}

impl Disk {
    fn open(dir: &Path) -> Result<Self, fjall::Error> {
        let database = Database::builder(dir)
            .max_journaling_size(MAX_JOURNAL_BYTES)
            .cache_size(CACHE_BYTES)
            .worker_threads(1)
            .open()?;
        let keyspace = |name| database.keyspace(name, KeyspaceCreateOptions::default);
        Ok(Self {
            messages: keyspace("messages")?,
            receivers: keyspace("receivers")?,
            returns: keyspace("returns")?,
            _database: database,
        })
    }
}

fn read<T: DeserializeOwned>(place: &Keyspace) -> Result<Vec<T>, String> {
    let each = place.iter().map(|stored| {
        let (_, value) = stored.into_inner().map_err(|error| error.to_string())?;
        serde_json::from_slice(&value).map_err(|error| error.to_string())
    });
    each.collect()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("what is kept is plain values")
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Disk(_)) { "Store::Disk" } else { "Store::Memory" })
    }
}
