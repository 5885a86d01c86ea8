//! What outlives the process.
//!
//! fjall hands every write to the operating system before the call returns: what was kept survives `kill -9`. A power
//! cut may take the last moments.

use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions};
use serde::{Serialize, de::DeserializeOwned};

use crate::{order::Order, sending::Notice, service::Service};

/// The journal is read back at every start: small enough to do so quickly.
const MAX_JOURNAL_BYTES: u64 = 64 << 20;
/// Everything is in memory anyway.
const CACHE_BYTES: u64 = 4 << 20;

/// Something could not be kept: nothing of it is there.
#[derive(Debug, thiserror::Error)]
#[error("keeping what the vendor knows: {0}")]
pub(crate) struct NotStored(#[from] fjall::Error);

/// Where services, orders and webhooks are stored.
pub(crate) enum Store {
    /// Nowhere.
    Memory,
    /// In a directory.
    Disk(Disk),
}

/// An open database.
pub(crate) struct Disk {
    database: Database,
    services: Keyspace,
    orders: Keyspace,
    notices: Keyspace,
}

/// What was stored.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) services: Vec<Service>,
    pub(crate) orders: Vec<Order>,
    pub(crate) notices: Vec<Notice>,
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
            services: read(&disk.services)?,
            orders: read(&disk.orders)?,
            notices: read(&disk.notices)?,
        };
        Ok((Self::Disk(disk), stored))
    }

    /// Keeps these, all or none.
    pub(crate) fn put(
        &self,
        services: &[Service],
        order: Option<&Order>,
        notice: Option<&Notice>,
    ) -> Result<(), NotStored> {
        let Self::Disk(disk) = self else { return Ok(()) };
        let mut batch = disk.database.batch();
        for service in services {
            batch.insert(&disk.services, service.id.as_bytes(), json(service));
        }
        if let Some(order) = order {
            batch.insert(&disk.orders, order.order_id.as_bytes(), json(order));
        }
        if let Some(notice) = notice {
            batch.insert(&disk.notices, notice.number.to_be_bytes(), json(notice));
        }
        Ok(batch.commit()?)
    }

    /// Forgets a webhook that is done; if it cannot, it is forgotten another time.
    pub(crate) fn forget_notice(&self, number: u64) {
        let Self::Disk(disk) = self else { return };
        if let Err(error) = disk.notices.remove(number.to_be_bytes()) {
            tracing::warn!(%error, "forgetting a webhook that is done");
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
        let (services, orders) = (keyspace("services")?, keyspace("orders")?);
        let notices = keyspace("notices")?;
        Ok(Self { database, services, orders, notices })
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
