//! How far the mainframe is behind, as numbers for metrics, alarms and people.

use crate::app::App;
use crate::domain::{ProfileId, Standing};
use azure_data::{CosmosFailure, StorageFailure};
use jiff::Timestamp;
use serde::Serialize;
use std::num::NonZeroU32;

/// Counting stops here: nobody decides anything by the difference, and a million documents are not counted for it.
const COUNT_UP_TO: NonZeroU32 = NonZeroU32::new(10_000).expect("not zero");

/// The body of `GET ops/v1/legacy`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lag {
    /// How long the oldest message has waited for an answer; 0 if none does.
    pub(crate) lag_seconds: u64,
    pub(crate) oldest: Option<Oldest>,
    /// Profiles whose answer is owed.
    pub(crate) waiting: Count,
    pub(crate) refused: Count,
    pub(crate) open_dead_letters: Count,
    /// Messages in `legacy-outbox`, approximately.
    pub(crate) outbox_length: u64,
    /// Answers in `legacy-inbox` that were not read yet, approximately.
    pub(crate) inbox_length: u64,
    pub(crate) alarm: bool,
    pub(crate) at: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Oldest {
    pub(crate) profile_id: ProfileId,
    pub(crate) waiting_since: Timestamp,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Count {
    pub(crate) count: usize,
    /// Whether there may be more.
    pub(crate) or_more: bool,
}

/// What cannot be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unknown {
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
}

impl From<usize> for Count {
    fn from(count: usize) -> Self {
        Self { count, or_more: count >= COUNT_UP_TO.get() as usize }
    }
}

impl From<messages::Count> for Count {
    fn from(letters: messages::Count) -> Self {
        Self { count: letters.count, or_more: letters.or_more }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.count, if self.or_more { " or more" } else { "" })
    }
}

pub(crate) async fn measure(app: &App, now: Timestamp) -> Result<Lag, Unknown> {
    let asked = futures::join!(
        app.syncs.oldest_waiting(),
        app.syncs.count(Standing::Waiting, COUNT_UP_TO),
        app.syncs.count(Standing::Refused, COUNT_UP_TO),
        app.dead_letters.count_open(),
        app.outbox_length.length(),
        app.inbox_length.length(),
    );
    let (oldest, waiting, refused, letters, outbox, inbox) = asked;
    let oldest = oldest?;
    let lag = oldest.as_ref().and_then(|sync| sync.lag(now)).unwrap_or_default();
    let oldest = oldest
        .and_then(|sync| Some(Oldest { profile_id: sync.id, waiting_since: sync.waiting_since? }));
    Ok(Lag {
        lag_seconds: u64::try_from(lag.as_secs()).unwrap_or(0),
        oldest,
        waiting: waiting?.into(),
        refused: refused?.into(),
        open_dead_letters: letters?.into(),
        outbox_length: outbox?,
        inbox_length: inbox?,
        alarm: lag >= app.lag_alarm_after,
        at: now,
    })
}
