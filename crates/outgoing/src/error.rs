//! Why there is no answer.

use crate::guard::GuardError;
use std::{fmt, time::Duration};

/// There is no answer. The text names the service and the reason, never a path, a query or a body: those may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    pub(crate) service: String,
    pub(crate) reason: Reason,
    pub(crate) retry_after: Option<Duration>,
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The URL, a redirect, or an address that the name resolves to, is not one that we call.
    #[error(transparent)]
    Refused(#[from] GuardError),
    /// Nothing was sent.
    #[error("the request is longer than {max_bytes} bytes")]
    RequestTooLarge {
        /// The limit.
        max_bytes: usize,
    },
    /// The circuit breaker is open; nothing was sent.
    #[error("it failed too often of late and is left alone")]
    LeftAlone,
    /// Nothing was sent.
    #[error("it cannot be connected to")]
    Unreachable,
    /// Whether the request was carried out is not known.
    #[error("the connection broke")]
    Broken,
    /// The status came, the body did not.
    #[error("the connection broke during the answer")]
    BrokenAnswer,
    /// Whether the request was carried out is not known.
    #[error("no answer within {} ms", .0.as_millis())]
    TimedOut(Duration),
    /// The request was carried out; what was read of the answer is thrown away.
    #[error("the answer is longer than {max_bytes} bytes")]
    AnswerTooLarge {
        /// The limit.
        max_bytes: usize,
    },
    /// Nobody vouches for us; nothing was sent.
    #[error("{0}")]
    NoToken(String),
    /// A redirect without a usable `Location`, or more of them than allowed.
    #[error("it redirected too often or to nowhere")]
    LostOnTheWay,
    /// There is no HTTP client to call with.
    #[error("making an HTTP client: {0}")]
    NoClient(String),
}

impl CallError {
    /// Why.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// When the service, or the circuit breaker, wants to be asked again, if either said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl Reason {
    /// A word for it, for figures.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::RequestTooLarge { .. } => "request-too-large",
            Self::LeftAlone => "left-alone",
            Self::Unreachable => "unreachable",
            Self::Broken => "broken",
            Self::BrokenAnswer => "broken-answer",
            Self::TimedOut(_) => "timed-out",
            Self::AnswerTooLarge { .. } => "answer-too-large",
            Self::NoToken(_) => "no-token",
            Self::LostOnTheWay => "lost-on-the-way",
            Self::NoClient(_) => "no-client",
        }
    }

    /// Whether another try may do better, and cannot do twice what should be done once.
    pub(crate) fn allows_again(&self, repeatable: bool) -> bool {
        match self {
            Self::Unreachable | Self::NoToken(_) => true,
            Self::Broken | Self::BrokenAnswer | Self::TimedOut(_) => repeatable,
            _ => false,
        }
    }

    /// Whether the service is well although there is no answer.
    pub(crate) fn speaks_for_the_service(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::NoClient(_))
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "calling {}: {}", self.service, self.reason)
    }
}

impl std::error::Error for CallError {}
