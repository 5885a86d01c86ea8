//! All mails that were accepted, and the reports about them that are to come.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use simulator_shell::Clock;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    mail::Mail,
    message::Message,
    reports::{Attempted, Report},
    store::{NotStored, Store, Stored},
};

/// Mails that are kept; the oldest are forgotten.
const MAX_MAILS: usize = 20_000;
/// Bytes of all requests that are kept.
const MAX_BYTES: usize = 512 << 20;
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The mailbox, shared by those who send and those who look.
#[derive(Debug)]
pub(crate) struct Mailbox {
    known: Mutex<Known>,
    pub(crate) clock: Clock,
    /// Something new is to be told.
    pub(crate) changed: Notify,
    /// A report was told, or not.
    pub(crate) told: Notify,
}

#[derive(Debug)]
pub(crate) struct Known {
    mails: BTreeMap<u64, Mail>,
    by_operation: HashMap<Uuid, u64>,
    reports: BTreeMap<u64, Report>,
    /// Reports that are to be told and are not on their way.
    agenda: BTreeSet<(Timestamp, u64)>,
    last_mail: u64,
    last_report: u64,
    bytes: usize,
    store: Store,
}

/// `GET /v1/simulation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counts {
    pub(crate) mails: usize,
    /// In the recipients' mailboxes now.
    pub(crate) arrived: usize,
    pub(crate) failed: usize,
    /// Sent more than once, which only a fault does.
    pub(crate) sent_again: usize,
    /// Requests that came with an operation id that was known.
    pub(crate) repeated: u64,
    pub(crate) reports: usize,
    /// Reports that are to come.
    pub(crate) open_reports: usize,
}

impl Mailbox {
    pub(crate) fn new(store: Store, stored: Stored, clock: Clock) -> Self {
        let mut known = Known {
            mails: BTreeMap::new(),
            by_operation: HashMap::new(),
            reports: BTreeMap::new(),
            agenda: BTreeSet::new(),
            last_mail: 0,
            last_report: 0,
            bytes: 0,
            store,
        };
        stored.mails.into_iter().for_each(|mail| known.take_in(mail));
        stored.reports.into_iter().for_each(|report| known.schedule(report));
        Self { known: Mutex::new(known), clock, changed: Notify::new(), told: Notify::new() }
    }

    /// Reads or changes what is known. Whoever holds it waits for nothing but the disk.
    pub(crate) fn with<T>(&self, what: impl FnOnce(&mut Known, Timestamp) -> T) -> T {
        let now = self.clock.now();
        let done = what(&mut self.lock(), now);
        self.changed.notify_one();
        done
    }

    /// The next report that is due, taken off the agenda; or how long until one is.
    pub(crate) fn take_due(&self) -> Result<Report, Option<Duration>> {
        let now = self.clock.now();
        let mut known = self.lock();
        let Some((at, number)) = known.agenda.first().copied() else { return Err(None) };
        if at > now {
            return Err(Some(at.duration_since(now).try_into().unwrap_or_default()));
        }
        known.agenda.remove(&(at, number));
        known.reports.get(&number).cloned().ok_or(Some(Duration::ZERO))
    }

    /// What became of a report that was told.
    pub(crate) fn settle(&self, number: u64, attempted: Attempted) {
        let now = self.clock.now();
        let mut known = self.lock();
        let Some(report) = known.reports.get(&number) else { return };
        let after = report.after(attempted, now);
        if let Err(error) = known.store.put(None, None, std::slice::from_ref(&after)) {
            // It is as if it had not been told: told again, it is the same event.
            tracing::error!(%error, "what became of a report is not kept");
        }
        known.schedule(after);
        drop(known);
        self.changed.notify_one();
        self.told.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("no code panics while it holds the mailbox")
    }
}

impl Known {
    pub(crate) fn next_mail(&self) -> u64 {
        self.last_mail + 1
    }

    pub(crate) fn next_report(&self) -> u64 {
        self.last_report + 1
    }

    pub(crate) fn mail(&self, number: u64) -> Option<&Mail> {
        self.mails.get(&number)
    }

    pub(crate) fn by_operation(&self, id: Uuid) -> Option<&Mail> {
        self.mails.get(self.by_operation.get(&id)?)
    }

    pub(crate) fn content(&self, number: u64) -> Option<Message> {
        self.store.content(number)
    }

    /// Mails, the oldest first.
    pub(crate) fn mails(&self) -> impl DoubleEndedIterator<Item = &Mail> {
        self.mails.values()
    }

    /// The reports about a mail.
    pub(crate) fn reports_of(&self, mail: u64) -> impl Iterator<Item = &Report> {
        self.reports.values().filter(move |report| report.mail == mail)
    }

    /// How long until fewer than so many were accepted within an hour; none if it is so now.
    pub(crate) fn full_for(&self, per_hour: u32, now: Timestamp) -> Option<SignedDuration> {
        let since = |mail: &Mail| now.duration_since(mail.accepted_at);
        let recent = self.mails.values().rev().filter(|mail| since(mail) < HOUR);
        let room_after = usize::try_from(per_hour).unwrap_or(usize::MAX).checked_sub(1);
        let Some(room_after) = room_after else { return Some(HOUR) };
        recent.take(room_after + 1).nth(room_after).map(|mail| HOUR - since(mail))
    }

    /// Keeps a mail that is new or has changed, its content if it is new, and reports that are to come.
    pub(crate) fn put(
        &mut self,
        mail: Mail,
        content: Option<&Message>,
        reports: Vec<Report>,
    ) -> Result<(), NotStored> {
        self.store.put(Some(&mail), content, &reports)?;
        self.take_in(mail);
        reports.into_iter().for_each(|report| self.schedule(report));
        self.make_room()
    }

    pub(crate) fn forget_all(&mut self) -> Result<(), NotStored> {
        let all: Vec<_> = self.mails.keys().copied().collect();
        self.forget(&all)
    }

    pub(crate) fn counts(&self, now: Timestamp) -> Counts {
        let count = |which: &dyn Fn(&&Mail) -> bool| self.mails.values().filter(which).count();
        Counts {
            mails: self.mails.len(),
            arrived: count(&|mail| mail.has_arrived(now)),
            failed: count(&|mail| mail.fails && mail.state(now).is_final()),
            sent_again: count(&|mail| mail.times > 1),
            repeated: self.mails.values().map(|mail| u64::from(mail.repeated)).sum(),
            reports: self.reports.len(),
            open_reports: self.reports.values().filter(|one| one.outcome.is_none()).count(),
        }
    }

    fn take_in(&mut self, mail: Mail) {
        self.last_mail = self.last_mail.max(mail.number);
        self.by_operation.insert(mail.operation_id, mail.number);
        self.bytes += mail.size;
        if let Some(before) = self.mails.insert(mail.number, mail) {
            self.bytes -= before.size;
        }
    }

    fn schedule(&mut self, report: Report) {
        self.last_report = self.last_report.max(report.number);
        if report.outcome.is_none() {
            self.agenda.insert((report.due, report.number));
        }
        self.reports.insert(report.number, report);
    }

    fn make_room(&mut self) -> Result<(), NotStored> {
        while self.mails.len() > MAX_MAILS || self.bytes > MAX_BYTES {
            let Some(oldest) = self.mails.keys().next().copied() else { return Ok(()) };
            self.forget(&[oldest])?;
        }
        Ok(())
    }

    fn forget(&mut self, mails: &[u64]) -> Result<(), NotStored> {
        let of_them = |report: &&Report| mails.contains(&report.mail);
        let reports: Vec<_> = self.reports.values().filter(of_them).map(|one| one.number).collect();
        self.store.forget(mails, &reports)?;
        for number in mails {
            let Some(mail) = self.mails.remove(number) else { continue };
            self.bytes -= mail.size;
            if self.by_operation.get(&mail.operation_id) == Some(number) {
                self.by_operation.remove(&mail.operation_id);
            }
        }
        for number in reports {
            let Some(report) = self.reports.remove(&number) else { continue };
            self.agenda.remove(&(report.due, number));
        }
        Ok(())
    }
}
