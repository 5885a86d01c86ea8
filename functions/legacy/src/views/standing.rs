//! Where a profile stands with the mainframe.

use crate::domain::Sync;
use jiff::Timestamp;
use serde::Serialize;

/// The body of `GET ops/v1/legacy/profiles/{profileId}`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StandingView {
    #[serde(flatten)]
    sync: Sync,
    /// How long the mainframe has owed an answer; 0 if it does not.
    lag_seconds: u64,
}

impl StandingView {
    pub(crate) fn of(sync: Sync, now: Timestamp) -> Self {
        let lag = sync.lag(now).unwrap_or_default();
        Self { sync, lag_seconds: u64::try_from(lag.as_secs()).unwrap_or(0) }
    }
}
