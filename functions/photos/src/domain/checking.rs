//! The pipeline's work on a photo.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Runs that may die before a person looks: the third may be chance.
const MAX_DEATHS: u32 = 3;

/// Set while a photo is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Checking {
    pub(crate) since: Timestamp,
    /// Runs that were begun.
    pub(crate) attempts: u32,
    /// Until when a run keeps others away; `None` between runs.
    pub(crate) leased_until: Option<Timestamp>,
    /// Runs that were begun and never ended: killed, or their process died.
    #[serde(default)]
    pub(crate) died: u32,
}

impl Checking {
    /// Whether runs die again and again, so that it makes no sense to begin one more.
    pub(crate) fn is_hopeless(self) -> bool {
        self.died >= MAX_DEATHS
    }
}
