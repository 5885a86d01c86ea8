//! The names of things.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Longest service id, in characters.
const MAX_SERVICE_ID: usize = 64;

values::id! {
    /// A profile, for ever: a UUIDv7 (RFC 9562), so that ids sort by the time of registration.
    pub(crate) ProfileId, "must be a UUID in small letters, as in the profile's `id`"
}
values::id! {
    /// The account that belongs to a profile (UUIDv7).
    pub(crate) AccountId, "must be a UUID in small letters, as in `account.id`"
}
values::id! {
    /// A photo, named by the photos app (UUIDv7).
    pub(crate) PhotoId, "must be a UUID in small letters, as in the profile's `photos`"
}

/// A service of the catalogue, chosen by whoever puts it there: small letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct ServiceId(String);

impl ServiceId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Uuid> for ServiceId {
    fn from(id: Uuid) -> Self {
        Self(id.as_hyphenated().to_string())
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ServiceId {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let edges = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if (1..=MAX_SERVICE_ID).contains(&text.len())
            && text.chars().all(plain)
            && text.starts_with(edges)
            && text.ends_with(edges)
        {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "must have 1 to {MAX_SERVICE_ID} small letters, digits and hyphens, such as home-care"
        ))
    }
}

impl TryFrom<String> for ServiceId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_ids_are_fit_for_a_url() {
        for good in ["a", "home-care", "24h", &"x".repeat(64)] {
            assert!(good.parse::<ServiceId>().is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a/b", "ä", &"x".repeat(65)] {
            assert!(bad.parse::<ServiceId>().is_err(), "{bad}");
        }
    }
}
