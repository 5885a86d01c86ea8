//! Snapshots: a blob as it was, named by a time, with the bytes of its blob and under its lease's protection no more.

use std::{collections::BTreeMap, sync::Arc};

use http::StatusCode;
use jiff::Timestamp;

use super::{
    Allowed,
    block_blob::Blob,
    conditions::Conditions,
    container::Container,
    lease::{self, Lease},
    shared::{Shared, TICKS_TO_1970, commit},
    store::Store,
};
use crate::storage::{
    call::Call,
    code,
    failure::{Failure, internal, invalid_header},
    metadata::Metadata,
    reply::Reply,
};

/// What Delete Blob does with the snapshots of the blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WithSnapshots {
    /// The blob is not deleted while there are any.
    Refuse,
    /// They go with it.
    Include,
    /// They go, the blob stays.
    Only,
}

impl WithSnapshots {
    /// What `x-ms-delete-snapshots` says; about a snapshot itself it may say nothing.
    pub(super) fn of(call: &Call) -> Result<Self, Failure> {
        let name = "x-ms-delete-snapshots";
        match call.header(name) {
            None => Ok(Self::Refuse),
            Some(text) if call.query.get("snapshot").is_some() => Err(invalid_header(name, text)),
            Some(text) if text.eq_ignore_ascii_case("include") => Ok(Self::Include),
            Some(text) if text.eq_ignore_ascii_case("only") => Ok(Self::Only),
            Some(text) => Err(invalid_header(name, text)),
        }
    }
}

/// Snapshot Blob.
pub(super) fn create(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let (conditions, given) = (Conditions::of(call)?, Metadata::of(call)?);
    store.with(allowed.container, |container| {
        let blob = container.blob(allowed.blob)?;
        blob.with_facts(|facts| conditions.check_write(facts))?;
        blob.lease.check_read(call.now, call.header("x-ms-lease-id"), lease::BLOB)?;
        blob.check_copied()?;
        let mut snapshot = Blob { lease: Lease::Available, ..Blob::clone(blob) };
        if !given.is_empty() {
            snapshot.metadata = given;
        }
        let time = time(store.shared.versions.next(call.now))?;
        let reply = snapshot.written(Reply::new(StatusCode::CREATED));
        container.put_snapshot(&store.shared, allowed.blob, &time, snapshot)?;
        Ok(reply.header("x-ms-snapshot", time).header("x-ms-request-server-encrypted", "true"))
    })
}

/// Delete Blob of a snapshot.
pub(super) fn delete(
    store: &Store,
    allowed: Allowed<'_>,
    snapshot: &str,
    conditions: &Conditions,
) -> Result<Reply, Failure> {
    store.with(allowed.container, |container| {
        let old = container.snapshot(allowed.blob, snapshot)?;
        old.with_facts(|facts| conditions.check_write(facts))?;
        container.check_deletable(old, allowed.call.now)?;
        container.delete_snapshots(&store.shared, allowed.blob, |time| time == snapshot)?;
        Ok(Reply::new(StatusCode::ACCEPTED).header("x-ms-delete-type-permanent", "true"))
    })
}

impl Container {
    /// A snapshot of a blob.
    pub(super) fn snapshot(&self, name: &str, time: &str) -> Result<&Arc<Blob>, Failure> {
        let found = self.snapshots.get(name).and_then(|of_blob| of_blob.get(time));
        found.ok_or_else(|| code::BLOB_NOT_FOUND.into())
    }

    /// Whether a blob has any.
    pub(super) fn has_snapshots(&self, name: &str) -> bool {
        self.snapshots.contains_key(name)
    }

    fn put_snapshot(
        &mut self,
        shared: &Shared,
        name: &str,
        time: &str,
        snapshot: Blob,
    ) -> Result<(), Failure> {
        let mut change = shared.persistence.change();
        change.put(self.snapshot_key(name, time), || snapshot.to_record());
        commit(change, "keeping a snapshot")?;
        snapshot.content.claim();
        let of_blob = self.snapshots.entry(name.to_owned()).or_default();
        of_blob.insert(time.to_owned(), Arc::new(snapshot));
        Ok(())
    }

    /// Deletes those snapshots of a blob whose times are chosen.
    pub(super) fn delete_snapshots(
        &mut self,
        shared: &Shared,
        name: &str,
        chosen: impl Fn(&str) -> bool,
    ) -> Result<(), Failure> {
        let times: Vec<String> = self
            .snapshots
            .get(name)
            .into_iter()
            .flat_map(BTreeMap::keys)
            .filter(|time| chosen(time))
            .cloned()
            .collect();
        let mut change = shared.persistence.change();
        for time in &times {
            change.remove(self.snapshot_key(name, time));
        }
        commit(change, "deleting snapshots")?;
        let Some(mut of_blob) = self.snapshots.remove(name) else { return Ok(()) };
        for time in &times {
            if let Some(gone) = of_blob.remove(time) {
                self.discard(gone);
            }
        }
        if !of_blob.is_empty() {
            self.snapshots.insert(name.to_owned(), of_blob);
        }
        Ok(())
    }
}

/// The time that names a snapshot, to 100 ns: that of the write it is among all writes.
fn time(version: u64) -> Result<String, Failure> {
    let nanoseconds = (i128::from(version) - TICKS_TO_1970) * 100;
    let time = Timestamp::from_nanosecond(nanoseconds)
        .map_err(|error| internal("naming a snapshot", &error))?;
    Ok(time.strftime("%Y-%m-%dT%H:%M:%S.%7fZ").to_string())
}
