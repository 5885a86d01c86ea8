//! How long a poison queue is and how old, for metrics and alarms.

use super::message::Fate;
use jiff::SignedDuration;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// A message that is older than this must be heard of.
const LATE_AFTER: SignedDuration = SignedDuration::from_mins(15);
/// So must a queue with more messages than this, however young they are.
const MANY: u64 = 1_000;

/// What a run saw of one queue. Messages that rest are counted and not seen; each is seen every few minutes.
pub(super) struct Numbers<'a> {
    queue: &'a str,
    /// As long as the queue was at the beginning.
    messages: u64,
    /// In seconds; 0 if none was seen.
    oldest_s: AtomicI64,
    late: AtomicU64,
    done: AtomicU64,
    kept: AtomicU64,
    failed: AtomicU64,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(queue: &'a str, messages: u64) -> Self {
        let zero = AtomicU64::default;
        let numbers = Self {
            queue,
            messages,
            oldest_s: AtomicI64::default(),
            late: zero(),
            done: zero(),
            kept: zero(),
            failed: zero(),
        };
        if messages > MANY {
            numbers.alarm();
        }
        numbers
    }

    /// A message of this age. The first that is late is told at once.
    pub(super) fn saw(&self, age: SignedDuration) {
        self.oldest_s.fetch_max(age.as_secs(), Relaxed);
        if age > LATE_AFTER && self.late.fetch_add(1, Relaxed) == 0 {
            self.alarm();
        }
    }

    pub(super) fn became(&self, fate: Fate) {
        let count = match fate {
            Fate::Done => &self.done,
            Fate::Kept => &self.kept,
            Fate::Failed => &self.failed,
        };
        count.fetch_add(1, Relaxed);
    }

    /// One line with the numbers, which is what metrics are made of. `messages` are there at the end.
    pub(super) fn tell(&self, messages: u64) {
        tracing::info!(
            target: "metric",
            metric = "poison-queue",
            queue = self.queue,
            messages,
            oldest_s = self.oldest_s.load(Relaxed),
            late = self.late.load(Relaxed),
            done = self.done.load(Relaxed),
            kept = self.kept.load(Relaxed),
            failed = self.failed.load(Relaxed),
            "poison queue"
        );
    }

    fn alarm(&self) {
        tracing::error!(
            alarm = "poison-queue",
            queue = self.queue,
            messages = self.messages,
            oldest_s = self.oldest_s.load(Relaxed),
            "messages wait in a poison queue"
        );
    }
}
