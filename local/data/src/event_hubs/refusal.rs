//! Why the service does not do what it is asked, whichever protocol asks.

use crate::Fault;

/// Bytes of an event or a batch, at most (Standard and Premium).
pub(super) const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// A refusal. Each front door has its own words for the kinds; the text is for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error(
        "the messaging entity {0:?} could not be found: no event hub is created by itself; declare it in app.json under \
         owns.eventHubs, or see local/data/README.md"
    )]
    NoHub(String),
    #[error("the event hub {hub} has {count} partitions, 0 to {last}; there is no partition {asked:?}", last = count - 1)]
    NoPartition { hub: String, asked: String, count: u32 },
    #[error(
        "the event hub {hub} has no consumer group {group:?}; declare it in app.json under owns.consumerGroups, or use \
         $Default"
    )]
    NoGroup { hub: String, group: String },
    #[error("there is nothing at {0}")]
    NoResource(String),
    #[error("{0}")]
    Malformed(String),
    #[error("{0}")]
    Unauthorized(String),
    #[error("{0}")]
    Conflict(String),
    #[error(
        "the message has {bytes} bytes with its properties; an event or a batch has at most {MAX_MESSAGE_BYTES}: send \
         fewer events at once, or keep the content in a blob and send where it is"
    )]
    TooLarge { bytes: usize },
    #[error("the request is not allowed for this identity (a simulated fault)")]
    Forbidden,
    #[error("the server is busy; wait and try again (a simulated fault)")]
    Busy { retry_after_s: u64 },
    #[error("the service is unavailable; try again (a simulated fault)")]
    Unavailable,
    #[error("{0}")]
    Internal(String),
}

impl Refusal {
    /// What is said instead of doing the work; `None` for faults that do it, or say nothing at all.
    pub(super) fn of_fault(fault: &Fault) -> Option<Self> {
        match fault {
            Fault::Throttle { retry_after } => {
                Some(Self::Busy { retry_after_s: retry_after.as_secs().max(1) })
            }
            Fault::Unavailable => Some(Self::Unavailable),
            Fault::InternalError => {
                Some(Self::Internal("the service failed (a simulated fault)".to_owned()))
            }
            Fault::Forbidden => Some(Self::Forbidden),
            Fault::Delay(_)
            | Fault::Disconnect
            | Fault::LoseAnswer
            | Fault::PendingCopy
            | Fault::Hold(_)
            | Fault::HoldAnswer(_) => None,
        }
    }

    /// Our own failure, told in the log.
    pub(super) fn internal(doing: &str, error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "{doing}");
        Self::Internal(format!("{doing}: {error}"))
    }
}
