//! What is kept of a monitored timer: a blob, as the real host keeps it, in `azure-webjobs-hosts`.

use jiff::Timestamp;
use serde_json::Value;

use super::Schedule;
use crate::{
    envelope::{json_net, timer::ScheduleStatus},
    triggers::wire::{BlobService, WireError},
};

const CONTAINER: &str = "azure-webjobs-hosts";

/// The kept status of one timer.
#[derive(Clone, Debug)]
pub(super) struct StatusBlob {
    service: BlobService,
    name: String,
}

impl StatusBlob {
    pub(super) fn new(service: BlobService, app: &str, function: &str) -> Self {
        Self {
            service,
            name: format!("timers/{}/Host.Functions.{function}/status", app.to_lowercase()),
        }
    }

    /// The last status; `None` when there is none, or none that can be read.
    pub(super) async fn read(&self) -> Result<Option<ScheduleStatus>, WireError> {
        let found = self.service.read(CONTAINER, &self.name).await?;
        Ok(found.and_then(|blob| parse(&blob.content)))
    }

    pub(super) async fn write(&self, status: ScheduleStatus) -> Result<(), WireError> {
        let text = json_net::compact(&status.to_json());
        self.service.write(CONTAINER, &self.name, &text.into()).await
    }
}

fn parse(content: &[u8]) -> Option<ScheduleStatus> {
    let json: Value = serde_json::from_slice(content).ok()?;
    let moment = |name: &str| {
        json.get(name).and_then(Value::as_str).and_then(|text| text.parse::<Timestamp>().ok())
    };
    // "Never" is written without a zone, so it is not read as a moment.
    Some(ScheduleStatus {
        last: moment("Last"),
        next: moment("Next")?,
        last_updated: moment("LastUpdated"),
    })
}

/// What a start makes of the kept status (`ScheduleMonitor.CheckPastDueAsync`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) status: ScheduleStatus,
    /// Whether the status has to be written.
    pub(super) changed: bool,
    pub(super) is_past_due: bool,
}

/// Compares the kept status with the schedule. A schedule that has changed since is no reason to be late.
pub(super) fn check(
    kept: Option<ScheduleStatus>,
    schedule: &Schedule,
    now: Timestamp,
) -> Option<Checked> {
    let Some(kept) = kept else {
        let status =
            ScheduleStatus { last: None, next: schedule.next_after(now)?, last_updated: Some(now) };
        return Some(Checked { status, changed: true, is_past_due: false });
    };
    let since = kept.last.or(kept.last_updated).unwrap_or(now);
    let expected = schedule.next_after(since)?;
    if kept.next == expected {
        return Some(Checked { status: kept, changed: false, is_past_due: now > kept.next });
    }
    let (next, updated) =
        if now > expected { (schedule.next_after(now)?, now) } else { (expected, since) };
    let status = ScheduleStatus { next, last_updated: Some(updated), ..kept };
    Some(Checked { status, changed: true, is_past_due: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        format!("2026-01-02T{text}Z").parse().unwrap()
    }

    fn kept(last: Option<&str>, next: &str) -> Option<ScheduleStatus> {
        let last = last.map(moment);
        Some(ScheduleStatus {
            last,
            next: moment(next),
            last_updated: last.or(Some(moment("03:00:30"))),
        })
    }

    fn checked(kept: Option<ScheduleStatus>, now: &str) -> Checked {
        check(kept, &Schedule::parse("0 */5 * * * *").unwrap(), moment(now)).unwrap()
    }

    #[test]
    fn the_first_start_is_never_late() {
        let first = checked(None, "03:04:05");
        assert_eq!((first.status.last, first.status.next), (None, moment("03:05:00")));
        assert!(first.changed && !first.is_past_due);
    }

    #[test]
    fn a_missed_occurrence_is_past_due_and_one_to_come_is_not() {
        assert!(checked(kept(Some("03:00:00"), "03:05:00"), "03:05:01").is_past_due);
        assert!(!checked(kept(Some("03:00:00"), "03:05:00"), "03:04:59").is_past_due);
        assert!(checked(kept(None, "03:05:00"), "03:17:00").is_past_due);
    }

    #[test]
    fn a_changed_schedule_begins_anew_instead_of_being_late() {
        let late = checked(kept(Some("03:00:00"), "03:30:00"), "03:12:00");
        assert_eq!(
            (late.status.next, late.is_past_due, late.changed),
            (moment("03:15:00"), false, true)
        );
        let early = checked(kept(Some("03:00:00"), "03:30:00"), "03:02:00");
        assert_eq!((early.status.next, early.is_past_due), (moment("03:05:00"), false));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let status = ScheduleStatus {
            last: None,
            next: moment("03:05:00"),
            last_updated: Some(moment("03:04:05")),
        };
        assert_eq!(parse(json_net::compact(&status.to_json()).as_bytes()), Some(status));
        assert_eq!(parse(b"nonsense"), None);
    }
}
