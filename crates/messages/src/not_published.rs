//! Why events were not published.

use crate::destination::Destination;
use crate::hub_requests::MAX_BODY_BYTES;
use outgoing::{CallError, StatusCode};

/// Why events were not published, or are not known to be.
#[derive(Debug, thiserror::Error)]
pub enum NotPublished {
    /// Nothing was sent: no hub takes such an event.
    #[error(
        "an event of type {kind} has {bytes} bytes, and {to} takes at most {MAX_BODY_BYTES}: keep its content in a blob and \
         say where (`dataref`)"
    )]
    TooLarge {
        /// Where it was to go.
        to: Destination,
        /// The event's type.
        kind: String,
        /// How large it is.
        bytes: usize,
    },
    /// The broker does not take it, and would not take it later as things are.
    #[error("{to} answered {status}: {remedy}")]
    Refused {
        /// Who answered.
        to: Destination,
        /// Its answer.
        status: StatusCode,
        /// What would have to be different.
        remedy: &'static str,
    },
    /// The broker is in trouble. Publish again.
    #[error("{to} answered {status}; the events are published again later")]
    Busy {
        /// Who answered.
        to: Destination,
        /// Its answer.
        status: StatusCode,
    },
    /// There is no answer: they may be published all the same. Publish again.
    #[error("publishing to {to}: {cause}")]
    Unanswered {
        /// Who did not answer.
        to: Destination,
        /// Why.
        cause: CallError,
    },
    /// There is an answer, and it does not say what became of them: they may be published all the same. Publish again.
    #[error("{to} answered without saying what became of an event; it is published again later")]
    Unreported {
        /// Who answered.
        to: Destination,
    },
}

impl NotPublished {
    /// Whether the event itself is at fault: it will never be published.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge { .. })
    }
}

/// What a status says, if it says that an event was not taken.
pub(crate) fn judged(
    to: Destination,
    status: StatusCode,
    remedy: fn(StatusCode) -> &'static str,
) -> Result<(), NotPublished> {
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            Err(NotPublished::Busy { to, status })
        }
        status if status.is_server_error() => Err(NotPublished::Busy { to, status }),
        status => Err(NotPublished::Refused { to, status, remedy: remedy(status) }),
    }
}
