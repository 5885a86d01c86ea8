//! The names of things.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

values::id! {
    /// An account, for ever: a UUIDv7 (RFC 9562).
    pub(crate) AccountId, "must be a UUID in small letters, as in the account's `id`"
}

values::id! {
    /// A card, for ever, also after it was replaced by another one.
    pub(crate) CardId, "must be a UUID in small letters, as in the card's `id`"
}

values::id! {
    /// A company that has accounts.
    pub(crate) CustomerId, "must be a UUID in small letters, as in the customer's `id`"
}

values::id! {
    /// What a merchant of our own calls a charge.
    pub(crate) ChargeId, "must be a UUID in small letters, the same for the same charge"
}

values::id! {
    /// What a merchant of our own calls what it gives back of a charge.
    pub(crate) RefundId, "must be a UUID in small letters, the same for the same refund"
}

/// Longest id of the card network, in characters.
const MAX_NETWORK_ID: usize = 64;

/// What the card network calls a message or an authorisation: 1 to 64 of the letters a–z and A–Z, digits, `-` and `_`.
/// A repeated message has the same one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct NetworkId(String);

impl NetworkId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// One that we made: at most 64 letters.
    pub(crate) fn of_letters(letters: String) -> Self {
        debug_assert!(letters.parse::<Self>().is_ok(), "{letters}");
        Self(letters)
    }
}

impl FromStr for NetworkId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if (1..=MAX_NETWORK_ID).contains(&text.len()) && text.chars().all(plain) {
            return Ok(Self(text.to_owned()));
        }
        Err("must have 1 to 64 letters, digits, '-' and '_'")
    }
}

impl TryFrom<String> for NetworkId {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
