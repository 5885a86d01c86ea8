//! Now.

use jiff::{Timestamp, Unit};

/// The system's clock, in UTC and whole milliseconds: what is stored and shown has no finer time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock;

impl Clock {
    /// The current time.
    #[must_use]
    pub fn now(self) -> Timestamp {
        let now = Timestamp::now();
        now.round(Unit::Millisecond).unwrap_or(now)
    }
}
