//! Bringing all documents into the form of today, in steps: a million documents take many, and each may be interrupted or
//! done twice.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use values::moment;

/// How long a step may wait in its queue before it is asked for again; twice as long each time, up to 32 times.
const MISSING_AFTER: SignedDuration = SignedDuration::from_secs(60);
const MAX_DOUBLINGS: u32 = 5;
/// With so many documents that cannot be read something else is wrong, and it ends.
pub(crate) const MAX_UNREADABLE: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Migration {
    pub(crate) id: String,
    /// The form that documents get.
    pub(crate) to: u32,
    pub(crate) state: MigrationState,
    /// Steps done; a message for another step is an old one.
    pub(crate) step: u64,
    /// How many documents were written. After an interruption some of them may not be counted.
    pub(crate) written: u64,
    /// Those that cannot be read: partition and id.
    pub(crate) unreadable: Vec<String>,
    #[serde(with = "moment")]
    pub(crate) started_at: Timestamp,
    #[serde(with = "moment")]
    pub(crate) updated_at: Timestamp,
    pub(crate) by: String,
    /// How often this step was asked for again.
    #[serde(default)]
    asked_again: u32,
    /// From when on the message for this step counts as lost.
    #[serde(with = "moment::optional", default)]
    due_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MigrationState {
    Running,
    Done,
}

/// What a step came to.
#[derive(Debug, Default)]
pub(crate) struct Stepped {
    pub(crate) written: u64,
    pub(crate) unreadable: Vec<String>,
    /// Nothing was left to do.
    pub(crate) is_last: bool,
}

impl Migration {
    pub(crate) fn new(id: String, to: u32, by: String, now: Timestamp) -> Self {
        Self {
            id,
            to,
            state: MigrationState::Running,
            step: 0,
            written: 0,
            unreadable: Vec::new(),
            started_at: now,
            updated_at: now,
            by,
            asked_again: 0,
            due_at: now.checked_add(MISSING_AFTER).ok(),
        }
    }

    pub(crate) fn runs(&self) -> bool {
        self.state == MigrationState::Running
    }

    pub(crate) fn after_step(&self, stepped: &Stepped, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.step += 1;
        next.written += stepped.written;
        next.unreadable.extend(stepped.unreadable.iter().cloned());
        if stepped.is_last || next.unreadable.len() >= MAX_UNREADABLE {
            next.state = MigrationState::Done;
        }
        (next.updated_at, next.asked_again) = (now, 0);
        next.due_at = now.checked_add(MISSING_AFTER).ok();
        next
    }

    /// Before its step is asked for again; nothing if somebody did, or if it has gone on.
    pub(crate) fn asked_again(&self, now: Timestamp) -> Option<Self> {
        let is_due = self.due_at.is_none_or(|due| due <= now);
        let asked_again = self.asked_again.saturating_add(1);
        let wait = MISSING_AFTER.saturating_mul(1 << asked_again.min(MAX_DOUBLINGS));
        let due_at = now.checked_add(wait).ok();
        (is_due && self.runs()).then(|| Self { asked_again, due_at, ..self.clone() })
    }
}
