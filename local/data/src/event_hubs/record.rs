//! How hubs and events lie in the data directory.
//!
//! | key | value |
//! | --- | --- |
//! | `h/` name in small letters | the hub's record, JSON |
//! | `p/` number, partition | how far the partition has come, JSON |
//! | `e/` number, partition, sequence number | the event, as `HubEvent::to_frame` writes it |
//! | `c/` number, partition | how far the partition is captured, JSON |
//! | `g/` the write that made a capture file | the event that tells of the file, until it is delivered |
//!
//! The number is the hub's. Numbers are big-endian, so that events lie in their order.

use std::collections::BTreeSet;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    capture::{Capture, Progress},
    event::HubEvent,
    refusal::Refusal,
};
use crate::persistence::{Change, Persistence, json};

pub(super) const HUB: &[u8] = b"h/";
pub(super) const PARTITION: &[u8] = b"p/";
pub(super) const EVENT: &[u8] = b"e/";
pub(super) const CAPTURED: &[u8] = b"c/";

/// A hub without its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    /// As it was declared.
    pub(super) name: String,
    /// Under which its events are kept.
    pub(super) number: u64,
    pub(super) partitions: u32,
    pub(super) retention_hours: u32,
    /// Besides `$Default`, by their names in small letters.
    pub(super) consumer_groups: BTreeSet<String>,
    pub(super) created: Timestamp,
    /// `None`: nothing is captured.
    #[serde(default)]
    pub(super) capture: Option<Capture>,
}

/// How far a partition has come; it goes on from there when all its events have gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reached {
    pub(super) next_sequence_number: i64,
    pub(super) next_offset: i64,
    /// Of the newest event.
    pub(super) last_offset: i64,
    pub(super) last_enqueued: Timestamp,
}

/// A partition of a hub, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PartitionId {
    pub(super) hub: u64,
    pub(super) partition: u32,
}

impl PartitionId {
    fn key(self, kind: &[u8]) -> Vec<u8> {
        [kind, &self.hub.to_be_bytes(), &self.partition.to_be_bytes()].concat()
    }

    fn event_key(self, sequence_number: i64) -> Vec<u8> {
        [&self.key(EVENT)[..], &sequence_number.to_be_bytes()].concat()
    }

    /// Reads a key of which the prefix was taken off.
    pub(super) fn of(key: &[u8]) -> Result<Self, String> {
        let (hub, rest) = key.split_first_chunk().ok_or("a key is shorter than its numbers")?;
        let partition = rest.first_chunk().ok_or("a key is shorter than its numbers")?;
        Ok(Self { hub: u64::from_be_bytes(*hub), partition: u32::from_be_bytes(*partition) })
    }
}

pub(super) fn put_hub(change: &mut Change<'_>, record: &Record) {
    change.put([HUB, record.name.to_lowercase().as_bytes()].concat(), || json(record));
}

pub(super) fn put_reached(change: &mut Change<'_>, id: PartitionId, reached: &Reached) {
    change.put(id.key(PARTITION), || json(reached));
}

pub(super) fn put_progress(change: &mut Change<'_>, id: PartitionId, progress: &Progress) {
    change.put(id.key(CAPTURED), || json(progress));
}

pub(super) fn put_event(
    change: &mut Change<'_>,
    id: PartitionId,
    sequence_number: i64,
    frame: &[u8],
) {
    change.put(id.event_key(sequence_number), || frame.to_vec());
}

pub(super) fn remove_event(change: &mut Change<'_>, id: PartitionId, sequence_number: i64) {
    change.remove(id.event_key(sequence_number));
}

/// One event.
pub(super) fn event(
    persistence: &Persistence,
    id: PartitionId,
    sequence_number: i64,
) -> Result<HubEvent, Refusal> {
    let lost = |why: String| Refusal::Internal(format!("reading event {sequence_number}: {why}"));
    let frame = persistence.get(&id.event_key(sequence_number)).map_err(|e| lost(e.to_string()))?;
    let frame = frame.ok_or_else(|| lost("it is not in the data directory".to_owned()))?;
    HubEvent::of_frame(&mut Bytes::from(frame)).map_err(lost)
}

impl Default for Reached {
    /// Before the first event.
    fn default() -> Self {
        let last_enqueued = Timestamp::UNIX_EPOCH;
        Self { next_sequence_number: 0, next_offset: 0, last_offset: -1, last_enqueued }
    }
}
