//! Where mails, their contents and reports are kept: in memory, or on disk.
//!
//! fjall hands every write to the operating system before the call returns: what was kept survives `kill -9`. A power
//! cut may take the last moments.

use std::{collections::BTreeMap, path::Path};

use fjall::{Database, Keyspace, KeyspaceCreateOptions};
use serde::{Serialize, de::DeserializeOwned};

use crate::{mail::Mail, message::Message, reports::Report};

/// The journal is read back at every start.
const MAX_JOURNAL_BYTES: u64 = 256 << 20;
/// Contents are read one at a time, by people.
const CACHE_BYTES: u64 = 8 << 20;

/// Something could not be kept or read: nothing of it is there.
#[derive(Debug, thiserror::Error)]
#[error("keeping mails: {0}")]
pub(crate) struct NotStored(#[from] fjall::Error);

/// Where all that is known is stored.
pub(crate) enum Store {
    /// Nowhere; contents are in memory.
    Memory(BTreeMap<u64, Message>),
    /// In a directory.
    Disk(Disk),
}

/// An open database.
pub(crate) struct Disk {
    database: Database,
    mails: Keyspace,
    contents: Keyspace,
    reports: Keyspace,
}

/// What was stored, without contents.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) mails: Vec<Mail>,
    pub(crate) reports: Vec<Report>,
}

impl Store {
    /// Opens the database in `dir`, creating it if there is none, and reads it.
    pub(crate) fn open(dir: &Path) -> Result<(Self, Stored), String> {
        std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
        let disk = Disk::open(dir).map_err(|error| match error {
            fjall::Error::Locked => "another process uses them".to_owned(),
            other => other.to_string(),
        })?;
        let stored = Stored { mails: read(&disk.mails)?, reports: read(&disk.reports)? };
        Ok((Self::Disk(disk), stored))
    }

    /// Keeps these, all or none.
    pub(crate) fn put(
        &mut self,
        mail: Option<&Mail>,
        content: Option<&Message>,
        reports: &[Report],
    ) -> Result<(), NotStored> {
        match self {
            Self::Memory(contents) => {
                contents.extend(mail.zip(content).map(|(mail, one)| (mail.number, one.clone())));
                Ok(())
            }
            Self::Disk(disk) => {
                let mut batch = disk.database.batch();
                if let Some(mail) = mail {
                    let key = mail.number.to_be_bytes();
                    batch.insert(&disk.mails, key, json(mail));
                    if let Some(content) = content {
                        batch.insert(&disk.contents, key, json(content));
                    }
                }
                for report in reports {
                    batch.insert(&disk.reports, report.number.to_be_bytes(), json(report));
                }
                Ok(batch.commit()?)
            }
        }
    }

    /// What a mail says.
    pub(crate) fn content(&self, number: u64) -> Option<Message> {
        match self {
            Self::Memory(contents) => contents.get(&number).cloned(),
            Self::Disk(disk) => {
                let value = disk.contents.get(number.to_be_bytes()).ok()??;
                serde_json::from_slice(&value).ok()
            }
        }
    }

    /// Forgets these mails and reports.
    pub(crate) fn forget(&mut self, mails: &[u64], reports: &[u64]) -> Result<(), NotStored> {
        match self {
            Self::Memory(contents) => {
                mails.iter().for_each(|number| drop(contents.remove(number)));
                Ok(())
            }
            Self::Disk(disk) => {
                let mut batch = disk.database.batch();
                for key in mails.iter().map(|number| number.to_be_bytes()) {
                    batch.remove(&disk.mails, key);
                    batch.remove(&disk.contents, key);
                }
                for key in reports.iter().map(|number| number.to_be_bytes()) {
                    batch.remove(&disk.reports, key);
                }
                Ok(batch.commit()?)
            }
        }
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
        let (mails, contents) = (keyspace("mails")?, keyspace("contents")?);
        let reports = keyspace("reports")?;
        Ok(Self { database, mails, contents, reports })
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
