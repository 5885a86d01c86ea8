//! The pipeline's work on a photo.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Set while a photo is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Checking {
    pub(crate) since: Timestamp,
    /// Runs that were begun.
    pub(crate) attempts: u32,
    /// Until when a run keeps others away; `None` between runs.
    pub(crate) leased_until: Option<Timestamp>,
}
