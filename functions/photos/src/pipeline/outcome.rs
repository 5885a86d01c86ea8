//! How a run of the pipeline ends.

use crate::domain::PhotoState;
use azure_data::{ChangeError, CosmosFailure, StorageFailure};
use custom_handler::Failure;
use std::convert::Infallible;
use std::time::Duration;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunOutcome {
    Decided(PhotoState),
    /// To be tried again later, which is arranged.
    Postponed,
    /// There was nothing to do: it is decided or erased already, or another run is at it.
    NothingToDo,
}

/// The run came to no end that is known; the same message is to come again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error("another photo of the profile is in hand")]
    Shared,
    #[error("no place was free within {0} s")]
    Crowded(u64),
    /// Its document is too young for its absence to mean anything.
    #[error("the photo's document is not there yet")]
    NotSeenYet,
    #[error(transparent)]
    Photo(#[from] ChangeError<Infallible>),
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
}

impl RunError {
    /// If nothing failed and the run only has to wait: for how long.
    pub(crate) fn waits(&self) -> Option<Duration> {
        match self {
            Self::Shared => Some(Duration::from_secs(2)),
            Self::Crowded(_) => Some(Duration::from_secs(5)),
            Self::NotSeenYet => Some(Duration::from_secs(15)),
            _ => None,
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self::again(error)
    }
}
