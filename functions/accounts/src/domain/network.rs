//! What the card network says: facts. The money has moved, or never will: there is nothing to decide.

use super::{Amount, NetworkId, without_pans};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a shop may take to capture what it asked for; then the hold is released.
const HOLD_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The same for hotels and hired cars, which ask at arrival.
const HOLD_FOR_TRAVEL: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Longest name of a merchant that is kept, in characters; the network has 22, and some send more.
const MAX_MERCHANT_NAME: usize = 100;

/// A fact about a card, in the account's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NetworkEvent {
    /// Of the message: a repeated one has the same.
    pub(crate) id: NetworkId,
    pub(crate) merchant: Option<Merchant>,
    pub(crate) fact: Fact,
}

/// Each may come late, twice, before what it refers to, or without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    /// The processor approved in our stead, because we did not answer in time.
    Advice { authorisation: NetworkId, amount: Amount },
    /// The shop has its money; without an authorisation it is a force post.
    Capture { authorisation: Option<NetworkId>, amount: Amount, is_last: bool },
    /// The shop gives up a part of what it asked for, or all that is left.
    Reversal { authorisation: NetworkId, amount: Option<Amount> },
    /// The network has let the authorisation go.
    Expiry { authorisation: NetworkId },
    /// The shop gives money back.
    Refund { authorisation: Option<NetworkId>, amount: Amount },
    /// The network takes money back from the shop.
    Chargeback { authorisation: Option<NetworkId>, amount: Amount },
}

impl Fact {
    /// The authorisation that it is about.
    pub(crate) fn authorisation(&self) -> Option<&NetworkId> {
        match self {
            Self::Advice { authorisation, .. }
            | Self::Reversal { authorisation, .. }
            | Self::Expiry { authorisation } => Some(authorisation),
            Self::Capture { authorisation, .. }
            | Self::Refund { authorisation, .. }
            | Self::Chargeback { authorisation, .. } => authorisation.as_ref(),
        }
    }
}

/// Where a card was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Merchant {
    /// Without card numbers, which some shops put there.
    pub(crate) name: String,
    /// ISO 18245, four digits; 0 if not known.
    pub(crate) category: u16,
}

impl Merchant {
    /// Of what the network sent: one line, shortened, and without card numbers.
    pub(crate) fn new(name: &str, category: u16) -> Self {
        let line: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let masked = without_pans(line.trim());
        Self { name: masked.chars().take(MAX_MERCHANT_NAME).collect(), category }
    }

    /// Hotels (3501–3999, 7011) and hired vehicles (3351–3500, 7512, 7513, 7519).
    fn is_travel(&self) -> bool {
        matches!(self.category, 3351..=3999 | 7011 | 7512 | 7513 | 7519)
    }
}

/// When what was asked for at `asked` is released by itself.
pub(super) fn releases_at(merchant: Option<&Merchant>, asked: Timestamp) -> Timestamp {
    let is_travel = merchant.is_some_and(Merchant::is_travel);
    let waits = if is_travel { HOLD_FOR_TRAVEL } else { HOLD_FOR };
    asked.saturating_add(waits).unwrap_or(Timestamp::MAX)
}
