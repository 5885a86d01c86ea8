//! Saying the same thing again, but not all the time.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// The least time between two reminders.
const INTERVAL: Duration = Duration::from_secs(60);

/// Lets something be said at most once a minute.
#[derive(Debug, Default)]
pub(crate) struct Reminder(Mutex<Option<Instant>>);

impl Reminder {
    /// Whether it may be said now; if so, the next time is a minute away.
    pub(crate) fn is_due(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|last| last.elapsed() >= INTERVAL);
        if is_due {
            *last = Some(Instant::now());
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_reminder_is_due_at_once_and_then_once_a_minute() {
        let reminder = Reminder::default();
        assert!(reminder.is_due());
        tokio::time::advance(INTERVAL - Duration::from_millis(1)).await;
        assert!(!reminder.is_due());
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(reminder.is_due());
        assert!(!reminder.is_due());
    }
}
