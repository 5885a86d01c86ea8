//! Why there is no analysis.

use std::time::Duration;

/// There is no analysis. Nothing is known about the picture then: it is never approved for want of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// The service did not answer, or not in a way that can be trusted: try again later.
    #[error("asking Content Safety: {reason}")]
    Unavailable {
        reason: String,
        /// When the service, or the circuit breaker, wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// The service does not take this picture, and would not later: a person has to look at it.
    #[error("asking Content Safety: it refused the picture: {code}")]
    Refused {
        /// The service's own code such as `InvalidRequestBody`, or ours.
        code: String,
    },
}

impl Failure {
    pub(super) fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable { reason: reason.into(), retry_after: None }
    }
}

/// One call without an analysis, and whether another one may do better.
#[derive(Debug)]
pub(super) enum CallFailure {
    Again { reason: String, retry_after: Option<Duration> },
    Final(Failure),
}

impl CallFailure {
    pub(super) fn again(reason: impl Into<String>) -> Self {
        Self::Again { reason: reason.into(), retry_after: None }
    }

    pub(super) fn pointless(reason: impl Into<String>) -> Self {
        Self::Final(Failure::unavailable(reason))
    }

    /// The same, with the time that the service asked for.
    pub(super) fn asking_for(mut self, time: Option<Duration>) -> Self {
        if let Self::Again { retry_after, .. }
        | Self::Final(Failure::Unavailable { retry_after, .. }) = &mut self
        {
            *retry_after = time;
        }
        self
    }

    /// Whether the service is well although it gave no analysis.
    pub(super) fn speaks_for_the_service(&self) -> bool {
        matches!(self, Self::Final(Failure::Refused { .. }))
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Again { retry_after, .. }
            | Self::Final(Failure::Unavailable { retry_after, .. }) => *retry_after,
            Self::Final(Failure::Refused { .. }) => None,
        }
    }
}

impl From<CallFailure> for Failure {
    fn from(failure: CallFailure) -> Self {
        match failure {
            CallFailure::Again { reason, retry_after } => Self::Unavailable { reason, retry_after },
            CallFailure::Final(failure) => failure,
        }
    }
}
