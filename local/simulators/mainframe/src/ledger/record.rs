//! One record.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What the mainframe knows of a profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) profile_id: String,
    pub(crate) revision: u64,
    /// The `time` of the event that this is from; unknown of records that are older than this field.
    #[serde(default)]
    pub(crate) time: Option<String>,
    /// When this revision was applied.
    pub(crate) applied_at: Timestamp,
    /// The full state, as the message had it; `None` when the profile was erased.
    pub(crate) state: Option<Box<RawValue>>,
    pub(crate) erased: bool,
}
