//! `timerTrigger`. Source: `TimerInfo.cs` of the timer extension.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BindingData, Envelope, HostValue, moment};

/// What .NET writes for a moment that never was.
const NEVER: &str = "0001-01-01T00:00:00";

/// When a monitored timer ran and runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleStatus {
    /// The last run; `None` = never yet.
    pub last: Option<Timestamp>,
    /// The occurrence that is next or, inside an invocation, the one being run.
    pub next: Timestamp,
    /// When the status was last written; `None` = never yet.
    pub last_updated: Option<Timestamp>,
}

impl ScheduleStatus {
    /// `{"Last","Next","LastUpdated"}`, as sent to handlers and as kept in storage.
    pub(crate) fn to_json(self) -> Value {
        let or_never =
            |moment: Option<Timestamp>| moment.map_or(NEVER.to_owned(), moment::offset_ticks);
        json!({
            "Last": or_never(self.last),
            "Next": moment::offset_ticks(self.next),
            "LastUpdated": or_never(self.last_updated),
        })
    }
}

/// The envelope of one run. `status` is `None` for timers that are not monitored.
pub fn tick(
    name: &str,
    adjust_for_dst: bool,
    status: Option<ScheduleStatus>,
    is_past_due: bool,
) -> Envelope {
    let info = json!({
        "Schedule": { "AdjustForDST": adjust_for_dst },
        "ScheduleStatus": status.map(ScheduleStatus::to_json),
        "IsPastDue": is_past_due,
    });
    Envelope::new(name, HostValue::Json(info), BindingData::default())
}
