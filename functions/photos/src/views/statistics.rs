//! How the moderators are doing, as they see it.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatisticsView {
    /// Open cases, appeals included; 1,000 means at least as many.
    pub(crate) waiting: usize,
    pub(crate) appeals: usize,
    /// Age of the oldest open case.
    pub(crate) oldest_seconds: Option<i64>,
    /// From the opening of a case to its decision, over the last week.
    pub(crate) median_decision_seconds: Option<i64>,
    pub(crate) decided_last_week: usize,
    /// Decisions of the last week that were not the last word: undone, or an appeal that was granted.
    pub(crate) overturned: usize,
}
