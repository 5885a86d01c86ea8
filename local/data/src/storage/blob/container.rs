//! One container: its blobs, and the blocks that are staged for them. Every change is kept before it is made.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    block_blob::Blob,
    contents::Segment,
    event::BlobEvent,
    lease::Lease,
    shared::{Shared, commit},
};
use crate::storage::{
    authorization::Policy,
    code,
    failure::Failure,
    metadata::Metadata,
    persistence::{Change, json},
};

/// Blocks staged for one blob, at most.
const MAX_STAGED: usize = 100_000;

/// A container without its blobs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    /// Under which its blobs are kept; what lies under a number that no container has is garbage.
    pub(super) number: u64,
    /// Its entity tag.
    pub(super) version: u64,
    /// To the second.
    pub(super) modified: Timestamp,
    pub(super) metadata: Metadata,
    pub(super) policies: Vec<Policy>,
    pub(super) lease: Lease,
}

/// One container.
#[derive(Debug)]
pub(super) struct Container {
    pub(super) record: Record,
    /// How long blobs are kept as they are; `None`: they may be changed.
    pub(super) kept_for: Option<SignedDuration>,
    /// Set when the container is gone while somebody still held it.
    pub(super) is_deleted: bool,
    /// By name, in the order of lists.
    pub(super) blobs: BTreeMap<String, Arc<Blob>>,
    /// By blob, then by the time that names them; a blob that has none has no entry.
    pub(super) snapshots: BTreeMap<String, BTreeMap<String, Arc<Blob>>>,
    /// By blob, then by block id.
    pub(super) staged: BTreeMap<String, Staged>,
    /// What a change let go of: dropped, files and all, when nobody waits for the container any more.
    garbage: Vec<Garbage>,
}

/// Blocks of one blob that are not committed.
pub(super) type Staged = BTreeMap<String, Arc<Segment>>;

/// Something to be dropped later.
#[derive(Debug)]
#[expect(dead_code, reason = "they are kept for the sake of being dropped")]
pub(super) enum Garbage {
    Blob(Arc<Blob>),
    Staged(Staged),
    Segment(Arc<Segment>),
}

pub(super) const CONTAINER: &[u8] = b"c/";
pub(super) const BLOB: &[u8] = b"b/";
pub(super) const STAGED: &[u8] = b"s/";
pub(super) const SNAPSHOT: &[u8] = b"n/";

impl Container {
    /// An empty container.
    pub(super) fn new(record: Record) -> Self {
        Self {
            record,
            kept_for: None,
            is_deleted: false,
            blobs: BTreeMap::new(),
            snapshots: BTreeMap::new(),
            staged: BTreeMap::new(),
            garbage: Vec::new(),
        }
    }

    /// A committed blob.
    pub(super) fn blob(&self, name: &str) -> Result<&Arc<Blob>, Failure> {
        self.blobs.get(name).ok_or_else(|| code::BLOB_NOT_FOUND.into())
    }

    /// Puts a blob in place, with an event about it. `discards_staged`: blocks staged for it are forgotten.
    pub(super) fn put(
        &mut self,
        shared: &Shared,
        name: &str,
        blob: Blob,
        discards_staged: bool,
        event: Option<BlobEvent>,
    ) -> Result<Arc<Blob>, Failure> {
        let mut change = shared.persistence.change();
        change.put(self.blob_key(name), || blob.to_record());
        if discards_staged {
            self.remove_staged(&mut change, name);
        }
        let event = shared.events.record(&mut change, event);
        commit(change, "keeping a blob")?;
        let blob = Arc::new(blob);
        let old = self.blobs.insert(name.to_owned(), Arc::clone(&blob));
        if !old.as_ref().is_some_and(|old| old.content.is(&blob.content)) {
            blob.content.claim();
            if let Some(old) = &old {
                old.content.release();
            }
        }
        self.garbage.extend(old.map(Garbage::Blob));
        if discards_staged {
            self.discard_staged(name);
        }
        shared.events.publish(event);
        Ok(blob)
    }

    /// Deletes a blob, its snapshots and the blocks staged for it.
    pub(super) fn delete(
        &mut self,
        shared: &Shared,
        name: &str,
        event: Option<BlobEvent>,
    ) -> Result<(), Failure> {
        let mut change = shared.persistence.change();
        change.remove(self.blob_key(name));
        self.remove_staged(&mut change, name);
        for snapshot in self.snapshots.get(name).into_iter().flat_map(BTreeMap::keys) {
            change.remove(self.snapshot_key(name, snapshot));
        }
        let event = shared.events.record(&mut change, event);
        commit(change, "deleting a blob")?;
        if let Some(old) = self.blobs.remove(name) {
            old.content.release();
            self.garbage.push(Garbage::Blob(old));
        }
        for snapshot in self.snapshots.remove(name).into_iter().flat_map(BTreeMap::into_values) {
            self.discard(snapshot);
        }
        self.discard_staged(name);
        shared.events.publish(event);
        Ok(())
    }

    /// Stages a block, or another in its place.
    pub(super) fn stage(
        &mut self,
        shared: &Shared,
        name: &str,
        id: &str,
        segment: Arc<Segment>,
    ) -> Result<(), Failure> {
        let staged = self.staged.get(name);
        let of_staged = staged.and_then(|staged| staged.keys().next());
        let of_blob = self.blobs.get(name).and_then(|blob| blob.blocks.first());
        let other = of_staged.or(of_blob.map(|block| &block.id));
        if other.is_some_and(|other| other.len() != id.len()) {
            let reason = "all blocks of a blob have ids of the same length";
            return Err(Failure::from(code::INVALID_BLOB_OR_BLOCK).detail("Reason", reason));
        }
        if staged.is_some_and(|staged| staged.len() >= MAX_STAGED && !staged.contains_key(id)) {
            return Err(code::BLOCK_COUNT_EXCEEDS_LIMIT.into());
        }
        let mut change = shared.persistence.change();
        change.put(self.staged_key(name, id), || json(&(segment.id, segment.length)));
        commit(change, "keeping a staged block")?;
        self.take_staged(name, id, segment);
        Ok(())
    }

    /// Adds a staged block that is kept already.
    pub(super) fn take_staged(&mut self, name: &str, id: &str, segment: Arc<Segment>) {
        segment.claim();
        if let Some(old) =
            self.staged.entry(name.to_owned()).or_default().insert(id.to_owned(), segment)
        {
            old.release();
            self.garbage.push(Garbage::Segment(old));
        }
    }

    /// Changes the container's own record.
    pub(super) fn edit(
        &mut self,
        shared: &Shared,
        name: &str,
        record: Record,
    ) -> Result<(), Failure> {
        let mut change = shared.persistence.change();
        put_record(&mut change, name, &record);
        commit(change, "keeping a container")?;
        self.record = record;
        Ok(())
    }

    /// Lets go of everything in a container that was deleted.
    pub(super) fn abandon(&mut self) -> Vec<Garbage> {
        self.is_deleted = true;
        let staged = std::mem::take(&mut self.staged).into_values();
        self.garbage.extend(staged.map(|staged| Garbage::Staged(release(staged))));
        let snapshots = std::mem::take(&mut self.snapshots).into_values();
        let snapshots = snapshots.flat_map(BTreeMap::into_values);
        for blob in std::mem::take(&mut self.blobs).into_values().chain(snapshots) {
            self.discard(blob);
        }
        self.take_garbage()
    }

    /// What is to be dropped when the container is no longer locked.
    pub(super) fn take_garbage(&mut self) -> Vec<Garbage> {
        std::mem::take(&mut self.garbage)
    }

    /// Lets go of a blob that is in no map any more.
    pub(super) fn discard(&mut self, blob: Arc<Blob>) {
        blob.content.release();
        self.garbage.push(Garbage::Blob(blob));
    }

    fn remove_staged(&self, change: &mut Change<'_>, name: &str) {
        for id in self.staged.get(name).into_iter().flat_map(|staged| staged.keys()) {
            change.remove(self.staged_key(name, id));
        }
    }

    fn discard_staged(&mut self, name: &str) {
        if let Some(staged) = self.staged.remove(name) {
            self.garbage.push(Garbage::Staged(release(staged)));
        }
    }

    fn blob_key(&self, name: &str) -> Vec<u8> {
        [BLOB, &self.record.number.to_be_bytes(), name.as_bytes()].concat()
    }

    pub(super) fn snapshot_key(&self, name: &str, snapshot: &str) -> Vec<u8> {
        let number = self.record.number.to_be_bytes();
        [SNAPSHOT, &number, name.as_bytes(), b"\0", snapshot.as_bytes()].concat()
    }

    /// No name of a blob holds the zero byte between the two.
    fn staged_key(&self, name: &str, id: &str) -> Vec<u8> {
        [STAGED, &self.record.number.to_be_bytes(), name.as_bytes(), b"\0", id.as_bytes()].concat()
    }
}

/// Puts a container's record into a change.
pub(super) fn put_record(change: &mut Change<'_>, name: &str, record: &Record) {
    change.put([CONTAINER, name.as_bytes()].concat(), || json(record));
}

/// Takes a container's record out with a change.
pub(super) fn remove_record(change: &mut Change<'_>, name: &str) {
    change.remove([CONTAINER, name.as_bytes()].concat());
}

fn release(staged: Staged) -> Staged {
    staged.values().for_each(|segment| segment.release());
    staged
}
