//! What is left of partitions in the data directory.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;

use super::{
    capture::Progress,
    event::HubEvent,
    partition::{Mark, Partition},
    record::{self, PartitionId, Reached, Record},
};
use crate::{
    Error,
    persistence::{Persistence, from_json},
};

/// What was kept of all partitions.
#[derive(Default)]
pub(super) struct KeptPartitions(BTreeMap<PartitionId, KeptPartition>);

/// What was kept of a partition: how far it has come, the marks of its events from the first number on, and how far it
/// is captured.
#[derive(Default)]
struct KeptPartition {
    reached: Option<Reached>,
    first: i64,
    marks: VecDeque<Mark>,
    captured: Option<Progress>,
}

/// Reads back what was kept.
pub(super) fn partitions(persistence: &Persistence) -> Result<KeptPartitions, Error> {
    let mut partitions = KeptPartitions::default();
    persistence.scan(record::PARTITION, |key, value| {
        partitions.of(key)?.reached = Some(from_json(value)?);
        Ok(())
    })?;
    persistence.scan(record::CAPTURED, |key, value| {
        partitions.of(key)?.captured = Some(from_json(value)?);
        Ok(())
    })?;
    persistence.scan(record::EVENT, |key, value| {
        let event = HubEvent::of_frame(&mut Bytes::copy_from_slice(value))?;
        let partition = partitions.of(key)?;
        if event.sequence_number != partition.next() {
            partition.first = event.sequence_number;
            partition.marks.clear();
        }
        partition.marks.push_back(Mark::of_kept(&event));
        Ok(())
    })?;
    partitions.0.values_mut().for_each(|partition| partition.drop_the_unreachable(persistence));
    Ok(partitions)
}

impl KeptPartitions {
    fn of(&mut self, key: &[u8]) -> Result<&mut KeptPartition, String> {
        Ok(self.0.entry(PartitionId::of(key)?).or_default())
    }

    /// The partitions of a hub, each with how far it is captured.
    pub(super) fn take(
        &mut self,
        record: &Record,
        persistence: &Persistence,
    ) -> Vec<(Partition, Progress)> {
        let partition = |partition| {
            let id = PartitionId { hub: record.number, partition };
            let kept = self.0.remove(&id).unwrap_or_default();
            let next = kept.reached.map_or(0, |reached| reached.next_sequence_number);
            let progress = match kept.captured {
                // What is behind the end was lost with a part of the directory.
                Some(progress) if progress.next > next => Progress::from(next),
                Some(progress) => progress,
                // Where capture begins is kept when it is declared for a hub that was there, and else with its first file.
                None => Progress::from(0),
            };
            (Partition::new(id, kept.reached, kept.marks, persistence.clone()), progress)
        };
        (0..record.partitions).map(partition).collect()
    }
}

impl KeptPartition {
    fn next(&self) -> i64 {
        self.first + i64::try_from(self.marks.len()).unwrap_or(i64::MAX)
    }

    /// Events and how far they reach are kept together; where they disagree, the data directory was damaged.
    fn drop_the_unreachable(&mut self, persistence: &Persistence) {
        let next = self.reached.map_or(0, |reached| reached.next_sequence_number);
        if self.marks.is_empty() || self.next() == next {
            return;
        }
        let count = self.marks.len();
        self.marks.clear();
        if let Some(losses) = persistence.losses() {
            losses.note(format!(
                "{count} events of an event hub are left out: a part of their partition is missing"
            ));
        }
    }
}
