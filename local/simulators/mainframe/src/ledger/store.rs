//! Records that outlive the process.
//!
//! fjall hands every write to the operating system before the call returns: what was kept survives `kill -9`. A power
//! cut may take the last moments.

use std::{collections::BTreeSet, path::Path};

use fjall::{Database, Keyspace, KeyspaceCreateOptions};

use super::{Record, Records};

/// The journal is read back at every start: small enough to do so quickly.
const MAX_JOURNAL_BYTES: u64 = 64 << 20;
/// Every record is in memory anyway.
const CACHE_BYTES: u64 = 4 << 20;
/// How often the mainframe was started.
const RUNS: &str = "runs";
/// There while there is a snapshot, an empty one included.
const HAS_SNAPSHOT: &str = "has-snapshot";

/// Where records are stored.
pub(super) enum Store {
    /// Nowhere.
    Memory,
    /// In a directory.
    Disk(Disk),
}

/// An open database.
pub(super) struct Disk {
    database: Database,
    records: Keyspace,
    snapshot: Keyspace,
    about: Keyspace,
}

/// What was stored.
pub(super) struct Stored {
    pub(super) records: Records,
    pub(super) snapshot: Option<Records>,
    pub(super) runs: u64,
}

impl Store {
    /// Opens the database in `dir`, creating it if there is none, and reads it.
    pub(super) fn open(dir: &Path) -> Result<(Self, Stored), String> {
        std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
        let disk = Disk::open(dir).map_err(|error| match error {
            fjall::Error::Locked => "another process uses them".to_owned(),
            other => other.to_string(),
        })?;
        let text = |error: fjall::Error| error.to_string();
        let has_snapshot = disk.about.get(HAS_SNAPSHOT).map_err(text)?.is_some();
        let stored = Stored {
            records: read(&disk.records)?,
            snapshot: has_snapshot.then(|| read(&disk.snapshot)).transpose()?,
            runs: disk.count_run().map_err(text)?,
        };
        Ok((Self::Disk(disk), stored))
    }

    /// Keeps these records, all or none.
    pub(super) fn put<'a>(
        &self,
        records: impl Iterator<Item = &'a Record>,
    ) -> Result<(), fjall::Error> {
        let Self::Disk(disk) = self else { return Ok(()) };
        let mut batch = disk.database.batch();
        for record in records {
            batch.insert(&disk.records, record.profile_id.as_str(), json(record));
        }
        batch.commit()
    }

    /// Keeps `records` instead of all others; `stale` are the ids that were there.
    pub(super) fn replace_records(
        &self,
        stale: BTreeSet<&str>,
        records: &Records,
    ) -> Result<(), fjall::Error> {
        let Self::Disk(disk) = self else { return Ok(()) };
        disk.replacing(&disk.records, stale, records).commit()
    }

    /// Keeps `records` as the snapshot.
    pub(super) fn replace_snapshot(
        &self,
        stale: BTreeSet<&str>,
        records: &Records,
    ) -> Result<(), fjall::Error> {
        let Self::Disk(disk) = self else { return Ok(()) };
        let mut batch = disk.replacing(&disk.snapshot, stale, records);
        batch.insert(&disk.about, HAS_SNAPSHOT, "yes");
        batch.commit()
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
        let (records, snapshot, about) =
            (keyspace("records")?, keyspace("snapshot")?, keyspace("about")?);
        Ok(Self { database, records, snapshot, about })
    }

    fn count_run(&self) -> Result<u64, fjall::Error> {
        let before = self.about.get(RUNS)?;
        let before = before.and_then(|bytes| std::str::from_utf8(&bytes).ok()?.parse().ok());
        let runs = before.unwrap_or(0_u64).saturating_add(1);
        self.about.insert(RUNS, runs.to_string())?;
        Ok(runs)
    }

    /// A batch in which every key is either removed or written: the order within a batch does not count.
    fn replacing(
        &self,
        place: &Keyspace,
        stale: BTreeSet<&str>,
        records: &Records,
    ) -> fjall::OwnedWriteBatch {
        let mut batch = self.database.batch();
        for id in stale.into_iter().filter(|id| !records.contains_key(*id)) {
            batch.remove(place, id);
        }
        for (id, record) in records {
            batch.insert(place, id.as_str(), json(record));
        }
        batch
    }
}

fn read(place: &Keyspace) -> Result<Records, String> {
    let mut records = Records::new();
    for stored in place.iter() {
        let (key, value) = stored.into_inner().map_err(|error| error.to_string())?;
        let record: Record = serde_json::from_slice(&value)
            .map_err(|error| format!("record {}: {error}", String::from_utf8_lossy(&key)))?;
        records.insert(record.profile_id.clone(), record.into());
    }
    Ok(records)
}

fn json(record: &Record) -> Vec<u8> {
    serde_json::to_vec(record).expect("a record is plain values")
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Disk(_)) { "Store::Disk" } else { "Store::Memory" })
    }
}
