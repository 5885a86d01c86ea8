//! The one database in the data directory, shared by the services, each with keyspaces of its own.
//!
//! fjall hands every write to the operating system before the call returns (`PersistMode::Buffer`): what was
//! acknowledged survives the death of this process, `kill -9` included. A power cut may take the last moments.

use std::path::Path;

use crate::Error;

/// The journal is read back at every start: small enough to do so quickly, large enough to be rarely rotated.
const MAX_JOURNAL_BYTES: u64 = 64 << 20;
/// Everything hot is in the services' own memory.
const CACHE_BYTES: u64 = 8 << 20;

/// Opens the database in `dir`, creating it if there is none.
pub(crate) fn open(dir: &Path) -> Result<fjall::Database, Error> {
    let unusable = |message: String| Error::Data { path: dir.to_owned(), message };
    std::fs::create_dir_all(dir).map_err(|e| unusable(e.to_string()))?;
    fjall::Database::builder(dir)
        .max_journaling_size(MAX_JOURNAL_BYTES)
        .cache_size(CACHE_BYTES)
        .worker_threads(1)
        .open()
        .map_err(|e| match e {
            fjall::Error::Locked => Error::DataLocked { path: dir.to_owned() },
            fjall::Error::Io(e) => unusable(e.to_string()),
            other => unusable(other.to_string()),
        })
}
