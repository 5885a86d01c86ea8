//! The one database in the data directory, shared by the services, each with keyspaces of its own.
//!
//! fjall hands every write to the operating system before the call returns (`PersistMode::Buffer`): what was
//! acknowledged survives the death of this process, `kill -9` included. A power cut may take the last moments.

use std::{
    fs::{File, TryLockError},
    path::Path,
    time::Duration,
};

use crate::{Error, journal, losses::Losses};

/// The journal is read back at every start: small enough to do so quickly, large enough to be rarely rotated.
const MAX_JOURNAL_BYTES: u64 = 64 << 20;
/// Everything hot is in the services' own memory.
const CACHE_BYTES: u64 = 8 << 20;

/// The file by which the database keeps other processes out.
const LOCK: &str = "lock";
/// How often and how far apart it is tried, as the database does.
const LOCK_TRIES: u32 = 3;
const LOCK_PAUSE: Duration = Duration::from_millis(100);

/// The database, and what was found missing in it.
pub(crate) struct Kept {
    pub(crate) database: fjall::Database,
    pub(crate) losses: Losses,
}

/// Opens the database in `dir`, creating it if there is none. A journal without its end is no error.
pub(crate) fn open(dir: &Path) -> Result<Kept, Error> {
    let unusable = |message: String| Error::Data { path: dir.to_owned(), message };
    std::fs::create_dir_all(dir).map_err(|e| unusable(e.to_string()))?;
    let losses = Losses::default();
    if is_locked(dir) {
        return Err(Error::DataLocked { path: dir.to_owned() });
    }
    journal::mend(dir, &losses).map_err(|e| unusable(e.to_string()))?;
    let database = fjall::Database::builder(dir)
        .max_journaling_size(MAX_JOURNAL_BYTES)
        .cache_size(CACHE_BYTES)
        .worker_threads(1)
        .open()
        .map_err(|e| match e {
            fjall::Error::Locked => Error::DataLocked { path: dir.to_owned() },
            fjall::Error::Io(e) => unusable(e.to_string()),
            other => unusable(other.to_string()),
        })?;
    Ok(Kept { database, losses })
}

/// Whether another process has the database open: its journal is not to be touched.
fn is_locked(dir: &Path) -> bool {
    let Ok(lock) = File::options().read(true).write(true).open(dir.join(LOCK)) else {
        return false;
    };
    let is_taken = || matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
    // Of a process that is about to end it is free soon.
    (0..LOCK_TRIES).all(|_| {
        let is_taken = is_taken();
        if is_taken {
            std::thread::sleep(LOCK_PAUSE);
        }
        is_taken
    })
}
