//! What an account's list of transactions shows.

use super::{Entry, Hold};
use jiff::Timestamp;

/// Money that has moved, or that a shop may still take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Transaction {
    Posted(Entry),
    /// What is left of a hold; gone from the list once nothing is.
    Pending(Box<Hold>),
}

impl Transaction {
    /// When it was posted, or asked for.
    pub(crate) fn at(&self) -> Timestamp {
        match self {
            Self::Posted(entry) => entry.posted_at,
            Self::Pending(hold) => hold.asked_at,
        }
    }
}
