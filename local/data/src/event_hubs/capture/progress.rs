//! How far a partition is captured.

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// How far a partition is captured. What is kept of it says it all; the rest is about this run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::event_hubs) struct Progress {
    /// The first event that lies in no file.
    pub(in crate::event_hubs) next: i64,
    /// The file that is being written, or was when the process was killed.
    pub(in crate::event_hubs) plan: Option<Plan>,
    /// The second in the name of the last file: the next one has a later one.
    pub(in crate::event_hubs) named: Option<i64>,
    /// A file waits until then, as it was asked to be late.
    #[serde(skip)]
    pub(super) late_until: Option<Instant>,
    /// Whether the last file failed, which was told.
    #[serde(skip)]
    pub(super) is_failing: bool,
}

/// What one file holds, and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::event_hubs) struct Plan {
    /// Its first event.
    pub(in crate::event_hubs) first: i64,
    /// The first event behind it.
    pub(in crate::event_hubs) next: i64,
    /// The second in its name.
    pub(in crate::event_hubs) named: i64,
}

impl Progress {
    /// Nothing is captured yet; events from that number on will be.
    pub(in crate::event_hubs) fn from(next: i64) -> Self {
        Self { next, plan: None, named: None, late_until: None, is_failing: false }
    }

    /// The file is written.
    pub(super) fn written(&self, plan: &Plan) -> Self {
        Self { named: Some(plan.named), ..Self::from(plan.next) }
    }

    /// The file is about to be written.
    pub(super) fn planned(&self, plan: Plan) -> Self {
        Self { plan: Some(plan), ..self.clone() }
    }

    /// The first second that may name a file whose window began in this one.
    pub(super) fn name_from(&self, began: i64) -> i64 {
        self.named.map_or(began, |named| began.max(named + 1))
    }
}
