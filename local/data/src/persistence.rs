//! What outlives the run: small records by key, written before they are acknowledged.

use crate::{Error, database::Kept, losses::Losses};

/// The records of one service: in the data directory's database, or nowhere.
#[derive(Clone)]
pub(crate) enum Persistence {
    /// Nothing outlives the run.
    Memory,
    /// Records are handed to the operating system before a commit returns: they survive `kill -9`.
    Disk {
        /// The database all services share; it makes a change atomic.
        database: fjall::Database,
        /// This service's part of it.
        keyspace: fjall::Keyspace,
        /// What was found missing.
        losses: Losses,
    },
}

impl Persistence {
    /// The part called `name` of the database, if there is one.
    pub(crate) fn open(kept: Option<&Kept>, name: &'static str) -> Result<Self, Error> {
        let Some(Kept { database, losses }) = kept else { return Ok(Self::Memory) };
        let keyspace = database
            .keyspace(name, fjall::KeyspaceCreateOptions::default)
            .map_err(|e| Error::Restore { what: name.to_owned(), message: e.to_string() })?;
        Ok(Self::Disk { database: database.clone(), keyspace, losses: losses.clone() })
    }

    /// Whether anything is kept at all.
    pub(crate) fn is_durable(&self) -> bool {
        matches!(self, Self::Disk { .. })
    }

    /// Starts a change: nothing of it is kept before `commit`, everything after.
    pub(crate) fn change(&self) -> Change<'_> {
        match self {
            Self::Memory => Change(None),
            Self::Disk { database, keyspace, .. } => Change(Some((database.batch(), keyspace))),
        }
    }

    /// One record.
    pub(crate) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, fjall::Error> {
        match self {
            Self::Memory => Ok(None),
            Self::Disk { keyspace, .. } => Ok(keyspace.get(key)?.map(|value| value.to_vec())),
        }
    }

    /// What was found missing, where anything is kept.
    pub(crate) fn losses(&self) -> Option<&Losses> {
        match self {
            Self::Memory => None,
            Self::Disk { losses, .. } => Some(losses),
        }
    }

    /// Every record whose key begins with `prefix`, in the order of the keys; the key comes without the prefix. A record
    /// that `each` cannot take is a loss, and the others are read.
    pub(crate) fn scan(
        &self,
        prefix: &[u8],
        mut each: impl FnMut(&[u8], &[u8]) -> Result<(), String>,
    ) -> Result<(), Error> {
        let Self::Disk { keyspace, losses, .. } = self else { return Ok(()) };
        let broken = |message: String| Error::Restore {
            what: format!("a record {} of {}", String::from_utf8_lossy(prefix), keyspace.name()),
            message,
        };
        for record in keyspace.prefix(prefix) {
            let (key, value) = record.into_inner().map_err(|e| broken(e.to_string()))?;
            let name = &key[prefix.len()..];
            if let Err(message) = each(name, &value) {
                let (prefix, name) = (String::from_utf8_lossy(prefix), name.escape_ascii());
                let keyspace = keyspace.name();
                losses.note(format!(
                    "the record {prefix}{name} of {keyspace} is left out: {message}"
                ));
            }
        }
        Ok(())
    }

    /// Removes up to `max` records whose keys begin with `prefix`, and says how many there were.
    pub(crate) fn remove_some(&self, prefix: &[u8], max: usize) -> Result<usize, fjall::Error> {
        let Self::Disk { database, keyspace, .. } = self else { return Ok(0) };
        let keys: Vec<_> =
            keyspace.prefix(prefix).take(max).map(fjall::Guard::key).collect::<Result<_, _>>()?;
        let count = keys.len();
        let mut batch = database.batch();
        for key in keys {
            batch.remove(keyspace, key);
        }
        batch.commit()?;
        Ok(count)
    }
}

impl std::fmt::Debug for Persistence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_durable() { "Persistence::Disk" } else { "Persistence::Memory" })
    }
}

/// Records to be written together.
#[must_use = "nothing is kept before the commit"]
pub(crate) struct Change<'a>(Option<(fjall::OwnedWriteBatch, &'a fjall::Keyspace)>);

impl Change<'_> {
    /// Adds or replaces a record. The value is only made when it is going to be kept.
    pub(crate) fn put<V: Into<fjall::Slice>>(
        &mut self,
        key: impl AsRef<[u8]>,
        value: impl FnOnce() -> V,
    ) {
        if let Some((batch, keyspace)) = &mut self.0 {
            batch.insert(keyspace, key.as_ref(), value());
        }
    }

    /// Removes a record.
    pub(crate) fn remove(&mut self, key: impl AsRef<[u8]>) {
        if let Some((batch, keyspace)) = &mut self.0 {
            batch.remove(keyspace, key.as_ref());
        }
    }

    /// Keeps all of it, or none when it fails.
    pub(crate) fn commit(self) -> Result<(), fjall::Error> {
        self.0.map_or(Ok(()), |(batch, _)| batch.commit())
    }
}

/// A record's JSON.
pub(crate) fn json(record: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(record).expect("records are plain values with text keys")
}

/// Reads what `json` wrote.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|e| e.to_string())
}
