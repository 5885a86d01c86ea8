//! Whether more work is taken: what is waiting, and how long it will take.

use azure_data::{QueueLength, Storage};
use custom_handler::{Setting, Settings, SettingsError};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How many scores are made in a second when all instances are up.
pub(crate) const SCORES_PER_SECOND: Setting = Setting::new(
    "SCORES_PER_SECOND",
    "how many scores a second are made when all instances of scoring are up; what waits is measured by it",
    "10",
);
/// Beyond this wait nothing more is taken.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(10 * 60);
/// Beyond this wait no request is held: it would be answered 202 anyway.
pub(crate) const MAX_WAIT_OF_HELD: Duration = Duration::from_secs(20);
/// How long a count is believed.
const BELIEVED_FOR: Duration = Duration::from_secs(5);

/// Counts what waits for scoring.
pub(crate) struct Admission {
    jobs: QueueLength,
    scores_per_second: u32,
    last: Mutex<Option<(Instant, u64)>>,
}

impl Admission {
    pub(crate) fn read(settings: &Settings) -> Result<u32, SettingsError> {
        settings.value_or(&SCORES_PER_SECOND, 10)
    }

    pub(crate) fn new(storage: &Storage, scores_per_second: u32) -> Self {
        let jobs = storage.queue_length("scoring-jobs");
        Self { jobs, scores_per_second: scores_per_second.max(1), last: Mutex::new(None) }
    }

    /// How long something that comes now waits for its turn. If it cannot be found out, nothing is refused for it.
    pub(crate) async fn expected_wait(&self) -> Duration {
        let known = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let count = match known {
            Some((when, count)) if when.elapsed() < BELIEVED_FOR => count,
            _ => {
                let count = self.jobs.length().await.unwrap_or_else(|error| {
                    tracing::warn!(%error, "how many jobs wait is not known");
                    0
                });
                let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
                *last = Some((Instant::now(), count));
                count
            }
        };
        Duration::from_millis(count.saturating_mul(1_000) / u64::from(self.scores_per_second))
    }
}
