//! Writing what is due.

use std::{sync::Arc, time::Duration};

use http::Method;
use jiff::Timestamp;
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

use super::{
    Capture,
    event::Written,
    file, name,
    progress::{Plan, Progress},
};
use crate::{
    ACCOUNT, Fault, Gate, Service,
    event_hubs::{EventHubs, event::HubEvent, hub::Hub, record},
    faults::Asked,
    listen::stopped,
};

/// How often it is looked for windows that are over.
const INTERVAL: Duration = Duration::from_millis(250);
/// Files of one partition that are written before the next one has its turn.
const FILES_AT_ONCE: usize = 16;
/// Names that may be taken by blobs of others.
const MAX_TAKEN_NAMES: i64 = 1_000;

/// Why a file was not written; it is tried again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotCaptured(String);

/// A partition whose turn it is.
struct Turn<'a> {
    hubs: &'a EventHubs,
    hub: &'a Arc<Hub>,
    /// The hub's name.
    name: String,
    number: u32,
    capture: &'a Capture,
    now: Timestamp,
}

/// What is to go wrong with the file.
enum Disturbed {
    /// Nothing, or it has waited long enough.
    No,
    /// Its time has not come.
    Late,
    /// It is written, and nobody hears of it.
    Unheard,
    /// It is written, and nobody hears of it before the gate is opened.
    Held(Gate),
}

/// Writes what is due, now and then, until `stopping` turns true.
pub(in crate::event_hubs) async fn run(hubs: Arc<EventHubs>, mut stopping: watch::Receiver<bool>) {
    let mut moved = hubs.clock.changes();
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => return,
            () = sleep(INTERVAL) => {}
            // The clock's sender lives in `hubs`.
            _ = moved.changed() => {}
        }
        tokio::select! {
            () = stopped(&mut stopping) => return,
            () = hubs.capture(hubs.clock.now()) => {}
        }
    }
}

impl EventHubs {
    /// Writes the files of all windows that are over.
    pub(crate) async fn capture(&self, now: Timestamp) {
        // Of two that look at once, the second finds nothing to do.
        let _turn = self.capturing.lock().await;
        for hub in self.all() {
            let record = hub.record();
            let Some(capture) = &record.capture else { continue };
            for number in 0..record.partitions {
                let turn =
                    Turn { hubs: self, hub: &hub, name: record.name.clone(), number, capture, now };
                turn.take().await;
            }
        }
    }
}

impl Turn<'_> {
    async fn take(&self) {
        for _ in 0..FILES_AT_ONCE {
            match self.file().await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    let was_failing =
                        self.change(|progress| std::mem::replace(&mut progress.is_failing, true));
                    if !was_failing {
                        let (hub, partition) = (&self.name, self.number);
                        tracing::warn!(%error, hub, partition, "capturing events; tried again");
                    }
                    return;
                }
            }
        }
    }

    /// Writes one file, if one is due.
    async fn file(&self) -> Result<bool, NotCaptured> {
        let progress = self.change(|progress| progress.clone());
        let Some(plan) = self.due(&progress)? else { return Ok(false) };
        if !self.hubs.captures.has_room() {
            return Err(NotCaptured("too many events about files are not delivered".to_owned()));
        }
        let disturbed = self.disturbed(&progress, &plan).await?;
        if matches!(disturbed, Disturbed::Late) {
            return Ok(false);
        }
        if progress.plan.is_none() {
            self.keep(progress.planned(plan.clone()), None)?;
        }
        let (events, bytes) = self.content(&plan).await?;
        if events.is_empty() {
            // The data directory has lost them, which was told.
            self.keep(progress.written(&plan), None)?;
            return Ok(true);
        }
        let name = self.blob_name(&plan);
        let place = (self.capture.container.as_str(), name.as_str());
        let left = self.hubs.blobs.deposit(place, file::AVRO, &bytes, self.now).await;
        let left = left.map_err(|error| NotCaptured(format!("writing {name}: {error}")))?;
        match disturbed {
            Disturbed::Unheard => {
                return Err(NotCaptured(format!(
                    "nothing was heard of {name} (a simulated fault)"
                )));
            }
            Disturbed::Held(gate) => gate.pass().await,
            Disturbed::No | Disturbed::Late => {}
        }
        let written = Written {
            hub: &self.name,
            partition: self.number,
            url: self.hubs.blobs.url_of(place.0, place.1),
            size_bytes: left.size_bytes,
            version: left.version,
            events: &events,
        };
        self.keep(progress.written(&plan), Some(&written))?;
        Ok(true)
    }

    /// The file that is begun, or the next one whose window is over.
    fn due(&self, progress: &Progress) -> Result<Option<Plan>, NotCaptured> {
        if let Some(plan) = &progress.plan {
            return Ok(Some(plan.clone()));
        }
        let partition = &self.hub.partitions[self.at()];
        let (span, bytes) = (self.capture.span(), self.capture.file_bytes());
        let Some(window) = partition.window(progress.next, span, bytes, self.now) else {
            return Ok(None);
        };
        let from = progress.name_from(window.began.as_second());
        let mut plan = Plan { first: window.first, next: window.next, named: from };
        // A blob of that name is somebody else's: ours have earlier names.
        while self.is_taken(&plan)? {
            plan.named += 1;
            if plan.named - from > MAX_TAKEN_NAMES {
                let first = self.blob_name(&Plan { named: from, ..plan });
                return Err(NotCaptured(format!("{first} and all names after it are taken")));
            }
        }
        Ok(Some(plan))
    }

    fn is_taken(&self, plan: &Plan) -> Result<bool, NotCaptured> {
        let there = self.hubs.blobs.deposited(&self.capture.container, &self.blob_name(plan));
        let container = &self.capture.container;
        let there =
            there.map_err(|error| NotCaptured(format!("looking into {container}: {error}")))?;
        Ok(there.is_some())
    }

    /// What faults say of this file: rules for the hub's `/{hub}/partitions/{id}/capture`, then for its blob.
    async fn disturbed(&self, progress: &Progress, plan: &Plan) -> Result<Disturbed, NotCaptured> {
        if let Some(until) = progress.late_until {
            if Instant::now() < until {
                return Ok(Disturbed::Late);
            }
            self.change(|progress| progress.late_until = None);
            return Ok(Disturbed::No);
        }
        let of_hub = format!("/{}/partitions/{}/capture", self.name, self.number);
        let of_blob = format!("/{ACCOUNT}/{}/{}", self.capture.container, self.blob_name(plan));
        let paths = [(Service::EventHubs, &of_hub), (Service::Blob, &of_blob)];
        let fault = paths.into_iter().find_map(|(service, path)| {
            let asked = Asked { service, method: &Method::PUT, path, is_query: false };
            self.hubs.faults.draw(&asked)
        });
        match fault {
            None | Some(Fault::PendingCopy) => Ok(Disturbed::No),
            Some(Fault::LoseAnswer) => Ok(Disturbed::Unheard),
            Some(Fault::Delay(by)) => {
                self.change(|progress| progress.late_until = Some(Instant::now() + by));
                Ok(Disturbed::Late)
            }
            Some(Fault::Hold(gate)) => {
                gate.pass().await;
                Ok(Disturbed::No)
            }
            Some(Fault::HoldAnswer(gate)) => Ok(Disturbed::Held(gate)),
            Some(_) => Err(NotCaptured("capture is stopped (a simulated fault)".to_owned())),
        }
    }

    /// The events of the file and its bytes. Neither reading nor packing them is for the threads that serve requests.
    async fn content(&self, plan: &Plan) -> Result<(Vec<Arc<HubEvent>>, Vec<u8>), NotCaptured> {
        let (hub, at) = (Arc::clone(self.hub), self.at());
        let (first, next) = (plan.first, plan.next);
        let count = usize::try_from(next - first).unwrap_or(0);
        let packing = tokio::task::spawn_blocking(move || {
            let failed = |error: &dyn std::error::Error| NotCaptured(error.to_string());
            let mut events =
                hub.partitions[at].read(first, count).map_err(|error| failed(&error))?;
            events.retain(|event| event.sequence_number < next);
            let bytes = file::write(events.iter().map(|event| &**event));
            Ok((events, bytes.map_err(|error| failed(&error))?))
        });
        packing.await.unwrap_or_else(|error| Err(NotCaptured(error.to_string())))
    }

    /// Notes how far it has come, together with the event that tells of a file.
    fn keep(&self, progress: Progress, written: Option<&Written<'_>>) -> Result<(), NotCaptured> {
        let captures = &self.hubs.captures;
        let mut change = self.hubs.persistence.change();
        record::put_progress(&mut change, self.hub.partition_id(self.number), &progress);
        let event = written.and_then(|file| captures.record(&mut change, file.event(self.now)));
        change.commit().map_err(|error| NotCaptured(format!("noting a file: {error}")))?;
        self.change(|kept| *kept = progress);
        captures.publish(event);
        Ok(())
    }

    fn blob_name(&self, plan: &Plan) -> String {
        name::of(&self.name, self.number, plan.named)
    }

    fn change<T>(&self, work: impl FnOnce(&mut Progress) -> T) -> T {
        self.hub.with_progress(self.at(), work)
    }

    fn at(&self) -> usize {
        usize::try_from(self.number).unwrap_or(usize::MAX)
    }
}
