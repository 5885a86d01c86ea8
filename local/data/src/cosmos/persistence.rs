//! What outlives the run: the account, its databases and containers, and each document as last written.
//!
//! Documents are kept by key, the latest body only, so that the database's own compaction keeps it as small as
//! what it holds. Two keyspaces: `cosmos_catalogue` (JSON records) and `cosmos_documents`.

use bytes::Bytes;
use fjall::{Database, Keyspace, KeyspaceCreateOptions};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{document_key::DocumentKey, resource::ContainerName};

/// Memory for what is not yet sorted onto the disk.
const MEMTABLE_BYTES: u64 = 8 << 20;
/// Documents that are removed in one write when their container goes.
const REMOVED_AT_ONCE: usize = 1000;

const ACCOUNT: &str = "account";
const DATABASE_PREFIX: &str = "database/";
const CONTAINER_PREFIX: &str = "container/";

/// Where a write stands among those of its partition key range: the run of the service that did it, and the
/// range's logical sequence number in that run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Position {
    pub(super) run: u64,
    pub(super) lsn: u64,
}

/// The account, and how often it was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Account {
    /// Drawn at random when the account is created, so that another account's tokens are recognised as such.
    pub(super) id: u64,
    pub(super) run: u64,
}

/// A database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct DatabaseRecord {
    pub(super) id: String,
    /// The resource id that clients may have cached.
    pub(super) rid: String,
}

/// A container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ContainerRecord {
    pub(super) number: u64,
    pub(super) name: ContainerName,
    /// The container document as it was answered.
    pub(super) definition: Value,
    /// Provisioned request units per second.
    pub(super) throughput: Option<u64>,
}

/// A document as last written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StoredDocument {
    pub(super) position: Position,
    /// Unix seconds by the services' clock: from here its time to live is counted.
    pub(super) written_at: i64,
    /// JSON text with the system properties.
    pub(super) body: Bytes,
}

/// What a write did to one document.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    Put(DocumentKey, StoredDocument),
    Remove(DocumentKey),
}

/// The keyspaces of this service.
#[derive(Clone)]
pub(super) struct Persistence {
    database: Database,
    catalogue: Keyspace,
    documents: Keyspace,
}

impl std::fmt::Debug for Persistence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Persistence").finish_non_exhaustive()
    }
}

impl Persistence {
    pub(super) fn open(database: &Database) -> fjall::Result<Self> {
        let options = || KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES);
        Ok(Self {
            database: database.clone(),
            catalogue: database.keyspace("cosmos_catalogue", options)?,
            documents: database.keyspace("cosmos_documents", options)?,
        })
    }

    /// The account with its next run begun; `fresh_id` becomes its id if there is no account yet.
    pub(super) fn begin_run(&self, fresh_id: u64) -> fjall::Result<Account> {
        let before = match self.catalogue.get(ACCOUNT)? {
            Some(record) => parse(&record)?,
            None => Account { id: fresh_id, run: 0 },
        };
        let account = Account { run: before.run + 1, ..before };
        self.catalogue.insert(ACCOUNT, json(&account))?;
        Ok(account)
    }

    pub(super) fn databases(&self) -> fjall::Result<Vec<DatabaseRecord>> {
        self.records(DATABASE_PREFIX)
    }

    pub(super) fn containers(&self) -> fjall::Result<Vec<ContainerRecord>> {
        self.records(CONTAINER_PREFIX)
    }

    fn records<T: DeserializeOwned>(&self, prefix: &str) -> fjall::Result<Vec<T>> {
        self.catalogue.prefix(prefix).map(|entry| parse(&entry.value()?)).collect()
    }

    pub(super) fn put_database(&self, record: &DatabaseRecord) -> fjall::Result<()> {
        self.catalogue.insert(format!("{DATABASE_PREFIX}{}", record.id), json(record))
    }

    pub(super) fn put_container(&self, record: &ContainerRecord) -> fjall::Result<()> {
        self.catalogue.insert(container_key(record.number), json(record))
    }

    /// Changes the record of a container, if there is one.
    pub(super) fn update_container(
        &self,
        number: u64,
        edit: impl FnOnce(&mut ContainerRecord),
    ) -> fjall::Result<()> {
        let Some(record) = self.catalogue.get(container_key(number))? else {
            return Ok(());
        };
        let mut record: ContainerRecord = parse(&record)?;
        edit(&mut record);
        self.put_container(&record)
    }

    /// Removes a database and containers at once; then their documents, which nothing refers to any more.
    pub(super) fn remove(&self, database: Option<&str>, containers: &[u64]) -> fjall::Result<()> {
        let mut batch = self.database.batch();
        if let Some(id) = database {
            batch.remove(&self.catalogue, format!("{DATABASE_PREFIX}{id}"));
        }
        for number in containers {
            batch.remove(&self.catalogue, container_key(*number));
        }
        batch.commit()?;
        containers.iter().try_for_each(|number| self.remove_documents(*number))
    }

    /// Removes the documents of containers that are no more: a crash may have come between the two steps of
    /// `remove`. Returns how many containers they were of.
    pub(super) fn remove_orphans(&self, containers: &[u64]) -> fjall::Result<usize> {
        let (mut from, mut removed) = (0_u64, 0);
        while let Some(entry) = self.documents.range(from.to_be_bytes()..).next() {
            let key = entry.key()?;
            let Some((number, _)) = key.split_first_chunk() else {
                self.documents.remove(key)?;
                continue;
            };
            let number = u64::from_be_bytes(*number);
            if !containers.contains(&number) {
                self.remove_documents(number)?;
                removed += 1;
            }
            from = number + 1;
        }
        Ok(removed)
    }

    fn remove_documents(&self, container: u64) -> fjall::Result<()> {
        loop {
            let mut batch = self.database.batch();
            for entry in self.documents.prefix(container.to_be_bytes()).take(REMOVED_AT_ONCE) {
                batch.remove(&self.documents, entry.key()?);
            }
            if batch.is_empty() {
                return Ok(());
            }
            batch.commit()?;
        }
    }

    /// Keeps what a write did, all of it or nothing. When it returns, the operating system has it.
    pub(super) fn apply(&self, changes: &[Change]) -> fjall::Result<()> {
        match changes {
            [] => Ok(()),
            [Change::Put(key, document)] => {
                self.documents.insert(key.as_bytes(), document.to_bytes())
            }
            [Change::Remove(key)] => self.documents.remove(key.as_bytes()),
            several => {
                let mut batch = self.database.batch();
                for change in several {
                    match change {
                        Change::Put(key, document) => {
                            batch.insert(&self.documents, key.as_bytes(), document.to_bytes());
                        }
                        Change::Remove(key) => batch.remove(&self.documents, key.as_bytes()),
                    }
                }
                batch.commit()
            }
        }
    }

    /// The keys of a container's documents in the order of their last writes.
    pub(super) fn documents_in_order(&self, container: u64) -> fjall::Result<Vec<DocumentKey>> {
        let mut found = Vec::new();
        for entry in self.documents.prefix(container.to_be_bytes()) {
            let (key, value) = entry.into_inner()?;
            let key = DocumentKey::from_bytes(&key).ok_or_else(|| corrupt("a document's key"))?;
            found.push((StoredDocument::from_bytes(&value)?.position, key));
        }
        found.sort();
        Ok(found.into_iter().map(|(_, key)| key).collect())
    }

    /// A document.
    pub(super) fn document(&self, key: &DocumentKey) -> fjall::Result<Option<StoredDocument>> {
        self.documents
            .get(key.as_bytes())?
            .map(|value| StoredDocument::from_bytes(&value))
            .transpose()
    }
}

impl StoredDocument {
    /// The first byte of the record, so that a later format can be told apart.
    const FORMAT: u8 = 1;
    const HEADER_BYTES: usize = 25;

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::HEADER_BYTES + self.body.len());
        bytes.push(Self::FORMAT);
        bytes.extend_from_slice(&self.position.run.to_be_bytes());
        bytes.extend_from_slice(&self.position.lsn.to_be_bytes());
        bytes.extend_from_slice(&self.written_at.to_be_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> fjall::Result<Self> {
        let damaged = || corrupt("a document");
        let (&format, rest) = bytes.split_first().ok_or_else(damaged)?;
        let (run, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let (lsn, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let (written_at, body) = rest.split_first_chunk().ok_or_else(damaged)?;
        if format != Self::FORMAT {
            return Err(corrupt("a document of another version of this program"));
        }
        Ok(Self {
            position: Position { run: u64::from_be_bytes(*run), lsn: u64::from_be_bytes(*lsn) },
            written_at: i64::from_be_bytes(*written_at),
            body: Bytes::copy_from_slice(body),
        })
    }
}

fn container_key(number: u64) -> String {
    format!("{CONTAINER_PREFIX}{number:020}")
}

fn json(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).expect("a record of texts and numbers is JSON")
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> fjall::Result<T> {
    serde_json::from_slice(bytes).map_err(|e| fjall::Error::Io(e.into()))
}

fn corrupt(what: &str) -> fjall::Error {
    fjall::Error::Io(std::io::Error::new(
        std::io::ErrorKind::InvalidData,
        format!("{what} cannot be read"),
    ))
}
