//! What the triggers are asked to do wrong: the things that Azure does on a bad day.

use std::{
    sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use local_data::Clock;

/// Faults of message delivery, and the clock that they skew. None by default; the page, the command line and tests set
/// them.
#[derive(Debug, Default)]
pub struct Faults {
    clock: Clock,
    duplicates: AtomicU32,
    delay_ms: AtomicU64,
    skew_ms: AtomicI64,
}

impl Faults {
    /// No faults, and the clock that the host travels by.
    pub fn with_clock(clock: Clock) -> Self {
        Self { clock, ..Self::default() }
    }

    /// The clock without its skew.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The next `count` messages, pages or events are delivered once more after they succeeded: the acknowledgement is
    /// lost, as it may be in every at-least-once service.
    pub fn duplicate_next(&self, count: u32) {
        self.duplicates.store(count, Ordering::Relaxed);
    }

    /// Every message, page or event waits this long between its arrival and its invocation; zero ends it.
    pub fn delay_messages(&self, delay: Duration) {
        self.delay_ms
            .store(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The triggers' clock is off by so much: timers fire early or late, leases expire in the wrong order.
    pub fn skew_clock(&self, skew: SignedDuration) {
        self.skew_ms.store(i64::try_from(skew.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// How many duplicates are still to come.
    pub fn duplicates_left(&self) -> u32 {
        self.duplicates.load(Ordering::Relaxed)
    }

    /// The delay of each message.
    pub fn message_delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms.load(Ordering::Relaxed))
    }

    /// How far the triggers' clock is off.
    pub fn clock_skew(&self) -> SignedDuration {
        SignedDuration::from_millis(self.skew_ms.load(Ordering::Relaxed))
    }

    /// The present by the triggers' clock.
    pub fn now(&self) -> Timestamp {
        let now = self.clock.now();
        now.saturating_add(self.clock_skew()).unwrap_or(now)
    }

    /// Whether the delivery that just succeeded is to be repeated.
    pub(crate) fn take_duplicate(&self) -> bool {
        let one_less = |left: u32| left.checked_sub(1);
        self.duplicates.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_counted_down() {
        let faults = Faults::default();
        assert!(!faults.take_duplicate());
        faults.duplicate_next(2);
        assert_eq!(
            [faults.take_duplicate(), faults.take_duplicate(), faults.take_duplicate()],
            [true, true, false]
        );
    }

    #[test]
    fn a_skewed_clock_is_off_by_what_was_asked() {
        let faults = Faults::default();
        faults.skew_clock(SignedDuration::from_hours(-1));
        assert!(faults.now() < Timestamp::now() - SignedDuration::from_mins(59));
    }
}
