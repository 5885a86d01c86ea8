//! All event hubs: declaring them, finding them, and what is left of them in the data directory.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, RwLock},
    time::Duration,
};

use bytes::Bytes;
use http::Method;
use jiff::Timestamp;
use tokio::sync::watch;

use super::{
    event::HubEvent,
    hub::Hub,
    partition::{Mark, Partition},
    record::{self, PartitionId, Reached, Record},
    refusal::Refusal,
};
use crate::{
    Clock, Error, Fault, Faults, Service,
    database::Kept,
    faults::Asked,
    listen,
    persistence::{Persistence, from_json},
};

/// Partitions that a hub may have (Premium; Standard has 32).
pub(super) const PARTITIONS: std::ops::RangeInclusive<u32> = 1..=1_024;
/// Hours for which events may be kept (Premium; Standard keeps them for a week).
pub(super) const RETENTION_HOURS: std::ops::RangeInclusive<u32> = 1..=90 * 24;
/// Hubs, as many as nobody has on a laptop.
const MAX_HUBS: usize = 1_000;
/// How often it is looked for events that are over.
const EXPIRY_INTERVAL: Duration = Duration::from_secs(60);

/// Azure Event Hubs: one namespace.
#[derive(Debug)]
pub(crate) struct EventHubs {
    /// By their names in small letters.
    hubs: RwLock<BTreeMap<String, Arc<Hub>>>,
    persistence: Persistence,
    pub(super) clock: Clock,
    pub(super) faults: Arc<Faults>,
}

/// Whether something is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    New,
    Known,
}

impl EventHubs {
    /// With what `kept` holds of it.
    pub(crate) fn open(
        kept: Option<&Kept>,
        clock: Clock,
        faults: Arc<Faults>,
    ) -> Result<Arc<Self>, Error> {
        let persistence = Persistence::open(kept, "event-hubs")?;
        let mut partitions = kept_partitions(&persistence)?;
        let mut hubs = BTreeMap::new();
        persistence.scan(record::HUB, |name, value| {
            let name = String::from_utf8(name.to_vec()).map_err(|e| e.to_string())?;
            let record: Record = from_json(value)?;
            let hub = Hub::new(record.clone(), made(&record, &mut partitions, &persistence));
            hubs.insert(name, Arc::new(hub));
            Ok(())
        })?;
        Ok(Arc::new(Self { hubs: RwLock::new(hubs), persistence, clock, faults }))
    }

    /// Declares a hub, or anew for how long it keeps its events. The number of partitions stays.
    pub(super) fn declare(
        &self,
        name: &str,
        partitions: u32,
        retention_hours: u32,
    ) -> Result<Declared, Refusal> {
        let mut hubs = self.hubs.write().expect(UNPOISONED);
        if let Some(hub) = hubs.get(&name.to_lowercase()) {
            let there = hub.record().partitions;
            if there != partitions {
                return Err(Refusal::Conflict(format!(
                    "the event hub {name} has {there} partitions, and no tier but Premium changes that: keys would \
                     lie elsewhere; declare {there} again, or start with an empty data directory"
                )));
            }
            hub.redeclare(
                |record| record.retention_hours = retention_hours,
                |record| self.keep(record),
            )?;
            return Ok(Declared::Known);
        }
        if hubs.len() >= MAX_HUBS {
            return Err(Refusal::Conflict(format!(
                "there are {MAX_HUBS} event hubs, the most there can be"
            )));
        }
        let last = hubs.values().map(|hub| hub.record().number).max().unwrap_or(0);
        let record = Record {
            name: name.to_owned(),
            number: last + 1,
            partitions,
            retention_hours,
            consumer_groups: BTreeSet::new(),
            created: self.clock.now(),
        };
        self.keep(&record)?;
        let partitions = made(&record, &mut BTreeMap::new(), &self.persistence);
        hubs.insert(name.to_lowercase(), Arc::new(Hub::new(record, partitions)));
        Ok(Declared::New)
    }

    /// Declares a consumer group of a hub.
    pub(super) fn declare_group(&self, hub: &str, group: &str) -> Result<Declared, Refusal> {
        let hub = self.hub(hub)?;
        if hub.check_group(group).is_ok() {
            return Ok(Declared::Known);
        }
        hub.redeclare(
            |record| {
                record.consumer_groups.insert(group.to_lowercase());
            },
            |record| self.keep(record),
        )?;
        Ok(Declared::New)
    }

    /// The hub of that name, in whichever case. There is none that was not declared.
    pub(super) fn hub(&self, name: &str) -> Result<Arc<Hub>, Refusal> {
        let hub = self.hubs.read().expect(UNPOISONED).get(&name.to_lowercase()).cloned();
        hub.ok_or_else(|| Refusal::NoHub(name.to_owned()))
    }

    /// What is to go wrong with events for this partition, in whichever way they come.
    pub(super) fn fault(&self, hub: &str, partition: u32) -> Option<Fault> {
        let path = format!("/{hub}/partitions/{partition}/messages");
        let asked = Asked {
            service: Service::EventHubs,
            method: &Method::POST,
            path: &path,
            is_query: false,
        };
        self.faults.draw(&asked)
    }

    /// Forgets events that are over.
    pub(crate) fn expire(&self, now: Timestamp) {
        let hubs: Vec<_> = self.hubs.read().expect(UNPOISONED).values().cloned().collect();
        for hub in hubs {
            // It is in the log, and tried again in a minute.
            let _ = hub.expire(now);
        }
    }

    fn keep(&self, record: &Record) -> Result<(), Refusal> {
        let mut change = self.persistence.change();
        record::put_hub(&mut change, record);
        change.commit().map_err(|error| Refusal::internal("keeping an event hub", &error))
    }
}

/// Forgets events that are over, now and then, until `stopping` turns true.
pub(crate) async fn run(hubs: Arc<EventHubs>, mut stopping: watch::Receiver<bool>) {
    let mut moved = hubs.clock.changes();
    loop {
        tokio::select! {
            () = listen::stopped(&mut stopping) => return,
            () = tokio::time::sleep(EXPIRY_INTERVAL) => {}
            // The clock's sender lives in `hubs`.
            _ = moved.changed() => {}
        }
        hubs.expire(hubs.clock.now());
    }
}

/// What was kept of a partition: how far it has come, and the marks of its events from the first number on.
#[derive(Default)]
struct KeptPartition {
    reached: Option<Reached>,
    first: i64,
    marks: VecDeque<Mark>,
}

impl KeptPartition {
    fn next(&self) -> i64 {
        self.first + i64::try_from(self.marks.len()).unwrap_or(i64::MAX)
    }
}

fn kept_partitions(
    persistence: &Persistence,
) -> Result<BTreeMap<PartitionId, KeptPartition>, Error> {
    let mut partitions: BTreeMap<PartitionId, KeptPartition> = BTreeMap::new();
    persistence.scan(record::PARTITION, |key, value| {
        partitions.entry(PartitionId::of(key)?).or_default().reached = Some(from_json(value)?);
        Ok(())
    })?;
    persistence.scan(record::EVENT, |key, value| {
        let event = HubEvent::of_frame(&mut Bytes::copy_from_slice(value))?;
        let partition = partitions.entry(PartitionId::of(key)?).or_default();
        if event.sequence_number != partition.next() {
            partition.first = event.sequence_number;
            partition.marks.clear();
        }
        partition.marks.push_back(Mark::of_kept(&event));
        Ok(())
    })?;
    partitions.values_mut().for_each(|partition| drop_the_unreachable(partition, persistence));
    Ok(partitions)
}

/// Events and how far they reach are kept together; where they disagree, the data directory was damaged.
fn drop_the_unreachable(partition: &mut KeptPartition, persistence: &Persistence) {
    let next = partition.reached.map_or(0, |reached| reached.next_sequence_number);
    if partition.marks.is_empty() || partition.next() == next {
        return;
    }
    let count = partition.marks.len();
    partition.marks.clear();
    if let Some(losses) = persistence.losses() {
        losses.note(format!(
            "{count} events of an event hub are left out: a part of their partition is missing"
        ));
    }
}

fn made(
    record: &Record,
    kept: &mut BTreeMap<PartitionId, KeptPartition>,
    persistence: &Persistence,
) -> Vec<Partition> {
    let partition = |partition| {
        let id = PartitionId { hub: record.number, partition };
        let KeptPartition { reached, marks, .. } = kept.remove(&id).unwrap_or_default();
        Partition::new(id, reached, marks, persistence.clone())
    };
    (0..record.partitions).map(partition).collect()
}

const UNPOISONED: &str = "no code panics while it holds the event hubs";
