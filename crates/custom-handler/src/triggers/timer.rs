use function_json::Trigger;
use jiff::Timestamp;
use serde_json::Value;

use super::{Message, not};
use crate::envelope::{EnvelopeError, Metadata, Payload, time};

/// A moment of a schedule (`timerTrigger`). Times are missing when the schedule is not monitored,
/// and for schedules that fire more often than once a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimerTick {
    /// Whether it comes late, because no host was there in time.
    pub is_past_due: bool,
    /// Whether the schedule follows daylight saving time: true for cron expressions.
    pub adjust_for_dst: bool,
    /// The occurrence before this one.
    pub last: Option<Timestamp>,
    /// This occurrence (the host's name for it is `Next`).
    pub next: Option<Timestamp>,
    /// When the host last noted the schedule's state.
    pub last_updated: Option<Timestamp>,
}

impl Message for TimerTick {
    const EXPECTED: &'static str = "a timerTrigger";

    fn is_for(trigger: &Trigger) -> bool {
        matches!(trigger, Trigger::Timer(_))
    }

    fn read(payload: Payload, _: &Metadata, _: &Trigger) -> Result<Self, EnvelopeError> {
        let Payload::Json(tick @ Value::Object(_)) = payload else {
            return Err(not("a timer's state", &payload));
        };
        let flag = |place: &str| tick.pointer(place).and_then(Value::as_bool).unwrap_or_default();
        let at = |place: &str| tick.pointer(place).and_then(Value::as_str).and_then(time);
        Ok(Self {
            is_past_due: flag("/IsPastDue"),
            adjust_for_dst: flag("/Schedule/AdjustForDST"),
            last: at("/ScheduleStatus/Last"),
            next: at("/ScheduleStatus/Next"),
            last_updated: at("/ScheduleStatus/LastUpdated"),
        })
    }
}
