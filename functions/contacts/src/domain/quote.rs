//! What a contact asked for.

use super::{QuoteId, ServiceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long after a quote a purchase is waited for. Named to people in the contract.
pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Most quotes of a contact.
pub(crate) const MAX_QUOTES: usize = 200;

/// A contact asked what a service costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Quote {
    pub(crate) id: QuoteId,
    pub(crate) service_id: ServiceId,
    pub(crate) asked_at: Timestamp,
    pub(crate) state: QuoteState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum QuoteState {
    Open,
    /// Nothing was bought in time.
    Abandoned,
    /// The service was bought, in time or later.
    Purchased,
}

/// Why a quote is not noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAsked {
    /// There is no such contact, or none any more.
    NoContact,
    /// Something else was asked for under its id.
    Differs,
    /// The contact has [`MAX_QUOTES`].
    TooMany,
}

impl Quote {
    /// When it will be abandoned.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        let due = self.asked_at.checked_add(PATIENCE).ok();
        due.filter(|_| self.state == QuoteState::Open)
    }
}
