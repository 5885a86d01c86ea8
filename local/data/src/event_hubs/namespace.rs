//! All event hubs: declaring them, finding them, and what is left of them in the data directory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, RwLock},
    time::Duration,
};

use http::Method;
use jiff::Timestamp;
use tokio::sync::watch;

use super::{
    capture::{Capture, CaptureEvents, Progress},
    hub::Hub,
    record::{self, PartitionId, Record},
    refusal::Refusal,
    restore::{self, KeptPartitions},
};
use crate::{
    Clock, Error, Fault, Faults, Service,
    database::Kept,
    faults::Asked,
    listen,
    persistence::{Persistence, from_json},
    schema_registry::SchemaRegistry,
    storage::blob::Blobs,
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
    pub(super) persistence: Persistence,
    pub(super) clock: Clock,
    pub(super) faults: Arc<Faults>,
    /// Where capture files go.
    pub(super) blobs: Arc<Blobs>,
    /// What is told of capture files.
    pub(super) captures: CaptureEvents,
    /// Held by who writes capture files.
    pub(super) capturing: tokio::sync::Mutex<()>,
    /// The schema registry, which in Azure is part of a namespace too.
    pub(super) schemas: SchemaRegistry,
}

/// A hub as it is declared.
#[derive(Clone, Debug)]
pub(super) struct Declaration {
    pub(super) partitions: u32,
    pub(super) retention_hours: u32,
    pub(super) capture: Option<Capture>,
}

/// Whether something is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    New,
    Known,
}

impl EventHubs {
    /// With what `kept` holds of it. Events about capture files are recorded only if somebody is going to take them.
    pub(crate) fn open(
        kept: Option<&Kept>,
        (clock, faults): (Clock, Arc<Faults>),
        blobs: Arc<Blobs>,
        with_events: bool,
    ) -> Result<Arc<Self>, Error> {
        let persistence = Persistence::open(kept, "event-hubs")?;
        let mut partitions = restore::partitions(&persistence)?;
        let mut hubs = BTreeMap::new();
        persistence.scan(record::HUB, |name, value| {
            let name = String::from_utf8(name.to_vec()).map_err(|e| e.to_string())?;
            let record: Record = from_json(value)?;
            let hub = Hub::new(record.clone(), partitions.take(&record, &persistence));
            hubs.insert(name, Arc::new(hub));
            Ok(())
        })?;
        Ok(Arc::new(Self {
            hubs: RwLock::new(hubs),
            captures: CaptureEvents::open(persistence.clone(), with_events)?,
            schemas: SchemaRegistry::open(kept, clock.clone())?,
            persistence,
            clock,
            faults,
            blobs,
            capturing: tokio::sync::Mutex::default(),
        }))
    }

    /// What is told of capture files.
    pub(crate) fn capture_events(&self) -> CaptureEvents {
        self.captures.clone()
    }

    /// Declares a hub, or anew for how long it keeps its events and where they are captured. The number of partitions
    /// stays. What was there before capture was declared is not captured.
    pub(super) fn declare(&self, name: &str, wanted: Declaration) -> Result<Declared, Refusal> {
        if let Some(Capture { container, .. }) = &wanted.capture
            && !self.blobs.has_container(container)
        {
            return Err(Refusal::Malformed(format!(
                "capture.container: there is no blob container {container}; make it before the event hub {name}"
            )));
        }
        let mut hubs = self.hubs.write().expect(UNPOISONED);
        if let Some(hub) = hubs.get(&name.to_lowercase()) {
            return self.declare_again(hub, name, wanted);
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
            partitions: wanted.partitions,
            retention_hours: wanted.retention_hours,
            consumer_groups: BTreeSet::new(),
            created: self.clock.now(),
            capture: wanted.capture,
        };
        self.keep(&record)?;
        let partitions = KeptPartitions::default().take(&record, &self.persistence);
        hubs.insert(name.to_lowercase(), Arc::new(Hub::new(record, partitions)));
        Ok(Declared::New)
    }

    fn declare_again(
        &self,
        hub: &Hub,
        name: &str,
        wanted: Declaration,
    ) -> Result<Declared, Refusal> {
        let there = hub.record();
        if there.partitions != wanted.partitions {
            let there = there.partitions;
            return Err(Refusal::Conflict(format!(
                "the event hub {name} has {there} partitions, and no tier but Premium changes that: keys would \
                 lie elsewhere; declare {there} again, or start with an empty data directory"
            )));
        }
        let begins = there.capture.is_none() && wanted.capture.is_some();
        let ends = if begins { hub.ends() } else { Vec::new() };
        hub.redeclare(
            |record| {
                record.retention_hours = wanted.retention_hours;
                record.capture = wanted.capture;
            },
            |record| self.keep_with(record, &ends),
        )?;
        for (at, end) in ends.into_iter().enumerate() {
            hub.with_progress(at, |progress| *progress = end);
        }
        Ok(Declared::Known)
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

    /// All hubs.
    pub(super) fn all(&self) -> Vec<Arc<Hub>> {
        self.hubs.read().expect(UNPOISONED).values().cloned().collect()
    }

    /// Forgets events that are over.
    pub(crate) fn expire(&self, now: Timestamp) {
        for hub in self.all() {
            // It is in the log, and tried again in a minute.
            let _ = hub.expire(now);
        }
    }

    fn keep(&self, record: &Record) -> Result<(), Refusal> {
        self.keep_with(record, &[])
    }

    /// Keeps a hub together with where the capture of each partition begins.
    fn keep_with(&self, record: &Record, begins: &[Progress]) -> Result<(), Refusal> {
        let mut change = self.persistence.change();
        for (number, progress) in (0..).zip(begins) {
            record::put_progress(
                &mut change,
                PartitionId { hub: record.number, partition: number },
                progress,
            );
        }
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

const UNPOISONED: &str = "no code panics while it holds the event hubs";
