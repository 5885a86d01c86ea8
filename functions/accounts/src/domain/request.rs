//! What the card network asks, and why it may be told no.

use super::{Merchant, NetworkId};
use money::Money;
use serde::{Deserialize, Serialize};

/// May this card spend so much there?
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuthorisationRequest {
    /// Of the message: who asks again asks with the same.
    pub(crate) id: NetworkId,
    /// The authorisation that is to be made larger; none: `id` names a new one.
    pub(crate) increment_of: Option<NetworkId>,
    pub(crate) amount: Money,
    pub(crate) merchant: Merchant,
}

impl AuthorisationRequest {
    /// The authorisation that it is about.
    pub(crate) fn authorisation(&self) -> &NetworkId {
        self.increment_of.as_ref().unwrap_or(&self.id)
    }
}

/// Why not, as the network and the customer are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DeclineReason {
    UnknownCard,
    CardInactive,
    CardFrozen,
    AccountClosed,
    Currency,
    CardLimit,
    AccountLimit,
    TooFast,
}
