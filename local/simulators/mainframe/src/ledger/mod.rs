//! The mainframe's records: one for each profile, never going backwards.

mod record;
mod store;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    path::Path,
    sync::Arc,
};

use jiff::Timestamp;

pub(crate) use record::Record;

use simulator_shell::StartError;

use crate::message::{Change, Content};
use store::Store;

/// The records, in the order of the profiles' ids.
type Records = BTreeMap<String, Arc<Record>>;

/// All records, and the copy of them that a restore goes back to.
#[derive(Debug)]
pub(crate) struct Ledger {
    records: Records,
    snapshot: Option<Records>,
    store: Store,
    /// How often the mainframe was started with these records, this time included.
    runs: u64,
}

/// A change could not be kept: nothing of it is there.
#[derive(Debug, thiserror::Error)]
#[error("keeping records: {0}")]
pub(crate) struct NotStored(#[from] fjall::Error);

/// What a restore goes back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RestoreTo {
    /// No record at all.
    Nothing,
    /// The last snapshot.
    Snapshot,
}

impl Ledger {
    /// The records kept in `dir`, or none.
    pub(crate) fn open(dir: Option<&Path>) -> Result<Self, StartError> {
        let Some(dir) = dir else {
            return Ok(Self {
                records: Records::new(),
                snapshot: None,
                store: Store::Memory,
                runs: 1,
            });
        };
        let (store, stored) =
            Store::open(dir).map_err(|why| StartError::Data { path: dir.to_owned(), why })?;
        Ok(Self { records: stored.records, snapshot: stored.snapshot, store, runs: stored.runs })
    }

    /// How often the mainframe was started with these records, this time included.
    pub(crate) fn runs(&self) -> u64 {
        self.runs
    }

    /// Whether the records outlive this process.
    pub(crate) fn is_durable(&self) -> bool {
        matches!(self.store, Store::Disk(_))
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// One record.
    pub(crate) fn get(&self, profile_id: &str) -> Option<Arc<Record>> {
        self.records.get(profile_id).cloned()
    }

    /// The revision of a record.
    pub(crate) fn revision(&self, profile_id: &str) -> Option<u64> {
        self.records.get(profile_id).map(|record| record.revision)
    }

    /// Up to `most` records after that id.
    pub(crate) fn page(&self, after: Option<&str>, most: usize) -> Vec<Arc<Record>> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.records
            .range::<str, _>((from, Bound::Unbounded))
            .take(most)
            .map(|(_, record)| Arc::clone(record))
            .collect()
    }

    /// Applies those changes that are newer than their records, in this order, and says for each whether it was. They
    /// are kept when this returns; all of them, or none when it fails.
    pub(crate) fn apply<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a Change>,
        now: Timestamp,
    ) -> Result<Vec<bool>, NotStored> {
        let mut newer: BTreeMap<&str, Arc<Record>> = BTreeMap::new();
        let mut applied = Vec::new();
        for change in changes {
            let id = change.profile_id.as_str();
            let known = newer.get(id).map(|record| record.revision).or_else(|| self.revision(id));
            let is_newer = known.is_none_or(|known| change.revision > known);
            if is_newer {
                newer.insert(id, Arc::new(record_of(change, now)));
            }
            applied.push(is_newer);
        }
        self.store.put(newer.values().map(AsRef::as_ref))?;
        self.records.extend(newer.into_iter().map(|(id, record)| (id.to_owned(), record)));
        Ok(applied)
    }

    /// Remembers the records as they are now, instead of an earlier snapshot.
    pub(crate) fn take_snapshot(&mut self) -> Result<usize, NotStored> {
        let stale = self.snapshot.iter().flat_map(Records::keys).map(String::as_str).collect();
        self.store.replace_snapshot(stale, &self.records)?;
        self.snapshot = Some(self.records.clone());
        Ok(self.records.len())
    }

    /// Goes back; says how many records there are now, or `None` when there is no snapshot.
    pub(crate) fn restore(&mut self, to: RestoreTo) -> Result<Option<usize>, NotStored> {
        let records = match to {
            RestoreTo::Nothing => Records::new(),
            RestoreTo::Snapshot => match &self.snapshot {
                Some(snapshot) => snapshot.clone(),
                None => return Ok(None),
            },
        };
        let stale: BTreeSet<&str> = self.records.keys().map(String::as_str).collect();
        self.store.replace_records(stale, &records)?;
        self.records = records;
        Ok(Some(self.records.len()))
    }
}

fn record_of(change: &Change, now: Timestamp) -> Record {
    let state = match &change.content {
        Content::State(state) => Some(state.clone()),
        // A claim check is redeemed before its change is applied.
        Content::Erased | Content::ClaimCheck(_) => None,
    };
    Record {
        profile_id: change.profile_id.clone(),
        revision: change.revision,
        time: change.time.clone(),
        applied_at: now,
        erased: state.is_none(),
        state,
    }
}

#[cfg(test)]
mod tests;
