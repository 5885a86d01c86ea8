//! What was done since the start.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use crate::message::Outcome;

/// Counters.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    taken: AtomicU64,
    applied: AtomicU64,
    superseded: AtomicU64,
    refused: AtomicU64,
    busy: AtomicU64,
    answers: AtomicU64,
    unreadable: AtomicU64,
    poisoned: AtomicU64,
}

/// The counters at a moment.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Totals {
    /// Messages taken, each time anew.
    pub(crate) taken: u64,
    pub(crate) applied: u64,
    pub(crate) superseded: u64,
    pub(crate) refused: u64,
    pub(crate) busy: u64,
    /// Answers sent, duplicates included.
    pub(crate) answers: u64,
    /// Messages that broke the contract, each time they were taken.
    pub(crate) unreadable: u64,
    /// Messages moved to the poison queue.
    pub(crate) poisoned: u64,
}

impl Counts {
    pub(super) fn took(&self, messages: usize) {
        self.taken.fetch_add(messages.try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn came_to(&self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Applied => &self.applied,
            Outcome::Superseded => &self.superseded,
            Outcome::Refused(_) => &self.refused,
            Outcome::Busy => &self.busy,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn answered(&self) {
        self.answers.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn could_not_read(&self) {
        self.unreadable.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn poisoned(&self) {
        self.poisoned.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn totals(&self) -> Totals {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Totals {
            taken: read(&self.taken),
            applied: read(&self.applied),
            superseded: read(&self.superseded),
            refused: read(&self.refused),
            busy: read(&self.busy),
            answers: read(&self.answers),
            unreadable: read(&self.unreadable),
            poisoned: read(&self.poisoned),
        }
    }
}
