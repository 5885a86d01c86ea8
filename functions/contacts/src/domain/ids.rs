//! The names of things.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

values::id! {
    /// A contact: the profile, as `profiles` names it.
    pub(crate) ContactId, "must be a UUID in small letters, as in the profile's `id`"
}
values::id! {
    /// An account, as `profiles` names it.
    pub(crate) AccountId, "must be a UUID in small letters, as in the profile's `account.id`"
}
values::id! {
    /// A quote, by whoever makes it.
    pub(crate) QuoteId, "must be a UUID in small letters, of your own"
}
values::id! {
    /// A sale, as `conversions` names it.
    pub(crate) SaleId, "must be a UUID in small letters, as in the sale's id"
}

/// A service of the catalogue, as `profiles` names it: 1 to 64 small letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct ServiceId(String);

impl FromStr for ServiceId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            return Ok(Self(text.to_owned()));
        }
        Err("must be a service's id: 1 to 64 small letters, digits and hyphens")
    }
}

impl TryFrom<String> for ServiceId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
