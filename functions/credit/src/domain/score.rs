//! What scoring found.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A score, and all that it is made of: nothing here says what anybody earned or spent, only in which band it lay.
/// `functions/scoring/messages/scored.schema.json`, `result`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Score {
    /// The version of the scorecard.
    pub(crate) scorecard: String,
    /// The sum of the points.
    pub(crate) score: i32,
    /// By characteristic, the bin that the person is in. Points, reasons and words follow from these and the version.
    pub(crate) bins: BTreeMap<String, String>,
    /// How often of a thousand simulated years money ran short.
    pub(crate) shortfall: u16,
    /// Whole months of history that the bank had.
    pub(crate) months_seen: u32,
    /// What the simulation was seeded with: the SHA-256 of the activity, the scorecard and the paths, in hexadecimal digits.
    pub(crate) seed: String,
}
