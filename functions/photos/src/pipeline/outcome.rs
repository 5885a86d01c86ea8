//! How a run of the pipeline ends.

use crate::domain::PhotoState;
use azure_data::{ChangeError, CosmosFailure, StorageFailure};
use custom_handler::Failure;
use std::convert::Infallible;

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
    #[error("no place was free within {0} s")]
    Crowded(u64),
    #[error(transparent)]
    Photo(#[from] ChangeError<Infallible>),
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self::again(error)
    }
}
