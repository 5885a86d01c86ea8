//! The time the data services go by.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// The machine's clock plus an offset: zero in ordinary use, moved by tests, by the clock-skew fault and by whoever
/// travels in time.
///
/// Clones share the offset.
#[derive(Clone, Debug)]
pub struct Clock {
    offset: Arc<watch::Sender<SignedDuration>>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { offset: Arc::new(watch::Sender::new(SignedDuration::ZERO)) }
    }
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// The present, by this clock; the machine's where the offset leads out of the calendar.
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.saturating_add(self.offset()).unwrap_or(now)
    }

    /// How far this clock is from the machine's; negative when it is behind.
    pub fn offset(&self) -> SignedDuration {
        *self.offset.borrow()
    }

    /// Sets the clock, for every clone of it, to so far from the machine's.
    pub fn set_offset(&self, offset: SignedDuration) {
        self.offset.send_replace(offset);
    }

    /// Goes back to the machine's clock.
    pub fn reset(&self) {
        self.set_offset(SignedDuration::ZERO);
    }

    /// Moves the clock forward, for every clone of it.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.offset.send_modify(|offset| *offset = offset.saturating_add(by));
    }

    /// Tells each time the clock is moved, so that nobody needs to look.
    pub fn changes(&self) -> watch::Receiver<SignedDuration> {
        self.offset.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_move_together() {
        let clock = Clock::system();
        let other = clock.clone();
        clock.advance(Duration::from_secs(3600));
        assert!(other.now() > Timestamp::now() + SignedDuration::from_secs(3500));
    }

    #[test]
    fn a_clock_is_set_absolutely_and_reset() {
        let clock = Clock::system();
        let mut changes = clock.changes();
        clock.advance(Duration::from_secs(3600));
        clock.set_offset(SignedDuration::from_hours(-24));
        assert_eq!(clock.offset(), SignedDuration::from_hours(-24));
        assert!(clock.now() < Timestamp::now() - SignedDuration::from_hours(23));
        assert!(changes.has_changed().unwrap());
        clock.reset();
        assert_eq!(*changes.borrow_and_update(), SignedDuration::ZERO);
    }

    #[test]
    fn an_offset_beyond_the_calendar_stops_at_its_end() {
        let clock = Clock::system();
        clock.set_offset(SignedDuration::MAX);
        clock.advance(Duration::from_secs(1));
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
