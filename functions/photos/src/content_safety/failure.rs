//! Why there is no analysis.

use outgoing::CallError;
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

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::Unavailable { reason: error.reason().to_string(), retry_after: error.retry_after() }
    }
}
