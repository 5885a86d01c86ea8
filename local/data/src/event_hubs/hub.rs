//! One event hub: its partitions, its consumer groups, and which partition takes what.

use std::sync::{
    Mutex, RwLock,
    atomic::{AtomicU32, Ordering},
};

use jiff::{SignedDuration, Timestamp};

use super::{
    capture::Progress,
    event::NewEvent,
    partition::Partition,
    partition_key::partition_of,
    record::{PartitionId, Record},
    refusal::{MAX_MESSAGE_BYTES, Refusal},
};

/// The group that every hub has.
const DEFAULT_GROUP: &str = "$default";

/// A hub, and what was sent to it.
#[derive(Debug)]
pub(super) struct Hub {
    record: RwLock<Record>,
    pub(super) partitions: Vec<Partition>,
    /// How far each partition is captured.
    progress: Vec<Mutex<Progress>>,
    /// Whose turn it is to take what has neither key nor partition.
    turn: AtomicU32,
}

/// Where events are to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// To the partition whose turn it is.
    Anywhere,
    /// To the partition that the key belongs to.
    Key(String),
    /// To the partition of that name.
    Partition(String),
}

impl Hub {
    /// With partitions, and how far each is captured.
    pub(super) fn new(record: Record, partitions: Vec<(Partition, Progress)>) -> Self {
        let (partitions, progress): (Vec<_>, Vec<_>) = partitions.into_iter().unzip();
        let progress = progress.into_iter().map(Mutex::new).collect();
        Self { record: RwLock::new(record), partitions, progress, turn: AtomicU32::new(0) }
    }

    /// What is declared of it.
    pub(super) fn record(&self) -> Record {
        self.record.read().expect(UNPOISONED).clone()
    }

    /// Changes what is declared, once `keep` has kept it.
    pub(super) fn redeclare(
        &self,
        change: impl FnOnce(&mut Record),
        keep: impl FnOnce(&Record) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut record = self.record.write().expect(UNPOISONED);
        let mut changed = record.clone();
        change(&mut changed);
        if changed != *record {
            keep(&changed)?;
            *record = changed;
        }
        Ok(())
    }

    /// Does something with how far a partition is captured, alone with it.
    pub(super) fn with_progress<T>(&self, at: usize, work: impl FnOnce(&mut Progress) -> T) -> T {
        work(&mut self.progress[at].lock().expect(UNPOISONED))
    }

    /// What is captured from now on, of each partition: what comes next.
    pub(super) fn ends(&self) -> Vec<Progress> {
        let ends = self.partitions.iter().map(|one| one.extent().last_sequence_number + 1);
        ends.map(Progress::from).collect()
    }

    /// A partition by the number of the hub and its own.
    pub(super) fn partition_id(&self, partition: u32) -> PartitionId {
        PartitionId { hub: self.record.read().expect(UNPOISONED).number, partition }
    }

    /// The number of the partition that takes what goes there.
    pub(super) fn choose(&self, destination: &Destination) -> Result<u32, Refusal> {
        let count = self.count();
        match destination {
            Destination::Anywhere => Ok(self.turn.fetch_add(1, Ordering::Relaxed) % count),
            Destination::Key(key) => Ok(partition_of(key, count)),
            Destination::Partition(name) => self.partition(name).map(|(number, _)| number),
        }
    }

    /// The partition of that name, `0` to the number of partitions less one.
    pub(super) fn partition(&self, name: &str) -> Result<(u32, &Partition), Refusal> {
        let no_partition = || Refusal::NoPartition {
            hub: self.record().name,
            asked: name.to_owned(),
            count: self.count(),
        };
        let number: u32 = name.parse().map_err(|_| no_partition())?;
        let found = usize::try_from(number).ok().and_then(|at| self.partitions.get(at));
        found.map(|partition| (number, partition)).ok_or_else(no_partition)
    }

    /// Appends events to the partition of that number, all or none.
    pub(super) fn append(
        &self,
        number: u32,
        now: Timestamp,
        events: Vec<NewEvent>,
    ) -> Result<(), Refusal> {
        let bytes = events.iter().map(NewEvent::size).sum();
        if bytes > MAX_MESSAGE_BYTES {
            return Err(Refusal::TooLarge { bytes });
        }
        let (_, partition) = self.partition(&number.to_string())?;
        partition.append(now, events).map(|_| ())
    }

    /// Whether there is a consumer group of that name, in whichever case.
    pub(super) fn check_group(&self, group: &str) -> Result<(), Refusal> {
        let name = group.to_lowercase();
        let record = self.record.read().expect(UNPOISONED);
        if name == DEFAULT_GROUP || record.consumer_groups.contains(&name) {
            return Ok(());
        }
        Err(Refusal::NoGroup { hub: record.name.clone(), group: group.to_owned() })
    }

    /// Forgets what is older than its retention, and is captured if it is to be.
    pub(super) fn expire(&self, now: Timestamp) -> Result<(), Refusal> {
        let Record { retention_hours, capture, .. } = self.record();
        let until = now - SignedDuration::from_hours(retention_hours.into());
        self.partitions.iter().enumerate().try_for_each(|(at, partition)| {
            let captured = self.with_progress(at, |progress| progress.next);
            partition.expire(until, if capture.is_some() { captured } else { i64::MAX })
        })
    }

    fn count(&self) -> u32 {
        u32::try_from(self.partitions.len()).expect("a hub has at most 1,024 partitions")
    }
}

const UNPOISONED: &str = "no code panics while it holds a hub's record";
