//! The bytes of blobs: in memory, or in files beside the database.
//!
//! A segment is what one request wrote, a block or a whole blob; it never changes. A blob is a list of segments, so
//! committing blocks copies nothing. Records own segments; a reader only borrows one, and reads on while the blob is
//! replaced. A segment without an owner goes when its last reader has gone, its file with it. What a crash leaves
//! unowned is found at the next start.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use uuid::Uuid;

use crate::{Error, losses::Losses};

/// Folders that the files are spread over, by the first digit of their name.
const FOLDERS: &str = "0123456789abcdef";

/// Where bytes are put.
#[derive(Clone, Debug)]
pub(super) enum Contents {
    /// They end with the run.
    Memory,
    /// In this directory.
    Files(Arc<PathBuf>),
}

impl Contents {
    /// The directory `blobs` in `data`, made if it is missing; or memory.
    pub(super) fn open(data: Option<&Path>) -> Result<Self, Error> {
        let Some(data) = data else { return Ok(Self::Memory) };
        let directory = data.join("blobs");
        for folder in FOLDERS.chars() {
            let folder = directory.join(folder.to_string());
            std::fs::create_dir_all(&folder)
                .map_err(|e| Error::Data { path: folder, message: e.to_string() })?;
        }
        Ok(Self::Files(Arc::new(directory)))
    }

    /// The file of a segment, if there are files.
    pub(super) fn path(&self, id: Uuid) -> Option<PathBuf> {
        let Self::Files(directory) = self else { return None };
        let name = id.simple().to_string();
        Some(directory.join(&name[..1]).join(&name))
    }

    /// Takes up the segments that records name, and removes every file that none names: where records are missing they
    /// are kept.
    pub(super) fn restore(
        &self,
        segments: &mut Segments,
        losses: Option<&Losses>,
    ) -> Result<(), Error> {
        let Self::Files(directory) = self else { return Ok(()) };
        let losses = losses.filter(|losses| losses.any());
        let mut orphans = 0_u64;
        for folder in FOLDERS.chars() {
            let folder = directory.join(folder.to_string());
            let broken =
                |e: io::Error| Error::Data { path: folder.clone(), message: e.to_string() };
            for file in std::fs::read_dir(&folder).map_err(broken)? {
                let path = file.map_err(broken)?.path();
                let id = path.file_name().and_then(|name| Uuid::try_parse(name.to_str()?).ok());
                match id.is_some_and(|id| segments.0.contains_key(&id)) {
                    true => {}
                    false if losses.is_some() => orphans += 1,
                    false => std::fs::remove_file(&path).map_err(broken)?,
                }
            }
        }
        if let Some(losses) = losses.filter(|_| orphans > 0) {
            let directory = directory.display();
            losses.note(format!("{orphans} files in {directory} belong to no blob; they go at the next start without a loss"));
        }
        Ok(())
    }
}

/// Bytes that were written together and never change.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) id: Uuid,
    pub(super) length: u64,
    pub(super) place: Place,
    owners: AtomicU64,
}

/// Where a segment's bytes are.
#[derive(Debug)]
pub(super) enum Place {
    /// One after another.
    Memory(Vec<Bytes>),
    /// The whole of a file.
    File(PathBuf),
}

impl Segment {
    /// A segment that nobody owns yet.
    pub(super) fn new(id: Uuid, length: u64, place: Place) -> Arc<Self> {
        Arc::new(Self { id, length, place, owners: AtomicU64::new(0) })
    }

    /// One more record names it.
    pub(super) fn claim(&self) {
        self.owners.fetch_add(1, Ordering::Relaxed);
    }

    /// One record fewer names it.
    pub(super) fn release(&self) {
        self.owners.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        let Place::File(path) = &self.place else { return };
        if self.owners.load(Ordering::Relaxed) > 0 {
            return;
        }
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, path = %path.display(), "removing the bytes of a deleted blob");
            }
            _ => {}
        }
    }
}

/// The bytes of a blob: segments one after another.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    segments: Arc<Vec<Arc<Segment>>>,
    length: u64,
}

impl Content {
    /// These segments in this order; empty ones are left out.
    pub(super) fn new(segments: impl IntoIterator<Item = Arc<Segment>>) -> Self {
        let segments: Vec<_> = segments.into_iter().filter(|segment| segment.length > 0).collect();
        let length = segments.iter().map(|segment| segment.length).sum();
        Self { segments: Arc::new(segments), length }
    }

    /// In bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// The segments in order.
    pub(super) fn segments(&self) -> &[Arc<Segment>] {
        &self.segments
    }

    /// One more record names all of it.
    pub(super) fn claim(&self) {
        self.segments.iter().for_each(|segment| segment.claim());
    }

    /// One record fewer names all of it.
    pub(super) fn release(&self) {
        self.segments.iter().for_each(|segment| segment.release());
    }

    /// Whether it is the very same, so that changing owners is not needed.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.segments, &other.segments)
    }
}

/// Segments as records name them, while they are read back.
#[derive(Debug, Default)]
pub(super) struct Segments(HashMap<Uuid, Arc<Segment>>);

impl Segments {
    /// The segment that a record names, with one more owner.
    pub(super) fn claim(
        &mut self,
        contents: &Contents,
        id: Uuid,
        length: u64,
    ) -> Result<Arc<Segment>, String> {
        let segment = match self.0.entry(id) {
            std::collections::hash_map::Entry::Occupied(known) => Arc::clone(known.get()),
            std::collections::hash_map::Entry::Vacant(place) => {
                let path = contents.path(id).ok_or("a record of bytes without a data directory")?;
                let found =
                    std::fs::metadata(&path).map_err(|e| format!("{}: {e}", path.display()))?.len();
                if found != length {
                    return Err(format!("{}: {found} bytes instead of {length}", path.display()));
                }
                Arc::clone(place.insert(Segment::new(id, length, Place::File(path))))
            }
        };
        segment.claim();
        Ok(segment)
    }
}
