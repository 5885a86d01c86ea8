//! What outlives the process.
//!
//! fjall hands every write to the operating system before the call returns: what was kept survives `kill -9`. A power
//! cut may take the last moments.

use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions};
use serde::{Serialize, de::DeserializeOwned};

use crate::{cards::IssuedCard, plan::Plan};

/// The journal is read back at every start: small enough to do so quickly.
const MAX_JOURNAL_BYTES: u64 = 64 << 20;
/// Everything is in memory anyway.
const CACHE_BYTES: u64 = 4 << 20;
const PREFIX: &str = "prefix";

/// Something could not be kept: nothing of it is there.
#[derive(Debug, thiserror::Error)]
#[error("keeping what the network knows: {0}")]
pub(crate) struct NotStored(#[from] fjall::Error);

/// Where plans and cards are stored.
pub(crate) enum Store {
    /// Nowhere.
    Memory,
    /// In a directory.
    Disk(Disk),
}

/// An open database.
pub(crate) struct Disk {
    database: Database,
    plans: Keyspace,
    cards: Keyspace,
    about: Keyspace,
}

/// What was stored.
#[derive(Default)]
pub(crate) struct Stored {
    pub(crate) plans: Vec<Plan>,
    pub(crate) cards: Vec<IssuedCard>,
    /// What this network's ids begin with.
    pub(crate) prefix: Option<String>,
}

impl Store {
    /// Opens the database in `dir`, creating it if there is none, and reads it.
    pub(crate) fn open(dir: &Path) -> Result<(Self, Stored), String> {
        std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
        let disk = Disk::open(dir).map_err(|error| match error {
            fjall::Error::Locked => "another process uses them".to_owned(),
            other => other.to_string(),
        })?;
        let prefix = disk.about.get(PREFIX).map_err(|error| error.to_string())?;
        let prefix = prefix.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let stored = Stored { plans: read(&disk.plans)?, cards: read(&disk.cards)?, prefix };
        Ok((Self::Disk(disk), stored))
    }

    pub(crate) fn put_prefix(&self, prefix: &str) -> Result<(), NotStored> {
        let Self::Disk(disk) = self else { return Ok(()) };
        Ok(disk.about.insert(PREFIX, prefix)?)
    }

    /// Keeps these plans and cards, all or none.
    pub(crate) fn put(&self, plans: &[Plan], cards: &[IssuedCard]) -> Result<(), NotStored> {
        let Self::Disk(disk) = self else { return Ok(()) };
        let mut batch = disk.database.batch();
        for plan in plans {
            batch.insert(&disk.plans, plan.number.to_be_bytes(), json(plan));
        }
        for card in cards {
            batch.insert(&disk.cards, card.id.as_bytes(), json(card));
        }
        Ok(batch.commit()?)
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
        let (plans, cards, about) = (keyspace("plans")?, keyspace("cards")?, keyspace("about")?);
        Ok(Self { database, plans, cards, about })
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
