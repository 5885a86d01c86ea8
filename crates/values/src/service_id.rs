//! The names of services.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Longest name, in characters.
const MAX_CHARS: usize = 64;

/// A service of the catalogue that `profiles` keeps, chosen by whoever puts it there: 1 to 64 small letters, digits and hyphens,
/// a letter or digit first and last. It is part of URLs. In JSON a string; read from there it may begin or end with a hyphen,
/// since such names were stored, and told in events whose released schemas allow them, before they were refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ServiceId(String);

impl ServiceId {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name that was taken once, by the rules of its day.
    fn kept(text: String) -> Result<Self, &'static str> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let is_kept = (1..=MAX_CHARS).contains(&text.len()) && text.bytes().all(plain);
        if is_kept { Ok(Self(text)) } else { Err(WRONG) }
    }
}

const WRONG: &str = "must be a service's id: 1 to 64 small letters, digits and hyphens, a letter or digit first and last, such as \
                     home-care";

impl FromStr for ServiceId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let has_hyphens_inside = !text.starts_with('-') && !text.ends_with('-');
        if has_hyphens_inside { Self::kept(text.to_owned()) } else { Err(WRONG) }
    }
}

impl TryFrom<String> for ServiceId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::kept(text)
    }
}

/// Of a service that nobody named.
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn service_ids_are_fit_for_a_url() {
        for good in ["a", "home-care", "24h", &"x".repeat(64)] {
            assert!(good.parse::<ServiceId>().is_ok(), "{good}");
        }
        for bad in ["", "-", "-a", "a-", "A", "a/b", "ä", &"x".repeat(65)] {
            assert!(bad.parse::<ServiceId>().is_err(), "{bad}");
        }
        assert!(ServiceId::from(Uuid::max()).as_str().parse::<ServiceId>().is_ok());
    }

    #[test]
    fn what_was_stored_under_an_older_rule_is_read_and_written_as_it_was() {
        for kept in ["-a", "a-", "home-care"] {
            let read: ServiceId = serde_json::from_value(json!(kept)).unwrap();
            assert_eq!(json!(read), json!(kept));
        }
        for bad in ["", "A", "a b", &"x".repeat(65)] {
            assert!(serde_json::from_value::<ServiceId>(json!(bad)).is_err(), "{bad}");
        }
    }
}
