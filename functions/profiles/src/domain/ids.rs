//! The names of things.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Longest service id, in characters.
const MAX_SERVICE_ID: usize = 64;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub(crate) struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = &'static str;
            /// Only the usual form is taken, so that one thing has one URL.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let id = Uuid::try_parse(text).map_err(|_| $what)?;
                if id.as_hyphenated().to_string() == text { Ok(Self(id)) } else { Err($what) }
            }
        }
    };
}

uuid_id! {
    /// A profile, for ever: a UUIDv7 (RFC 9562), so that ids sort by the time of registration.
    ProfileId, "must be a UUID in small letters, as in the profile's `id`"
}
uuid_id! {
    /// The account that belongs to a profile (UUIDv7).
    AccountId, "must be a UUID in small letters, as in `account.id`"
}

uuid_id! {
    /// A photo, named by the photos app (UUIDv7).
    PhotoId, "must be a UUID in small letters, as in the profile's `photos`"
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
    fn a_profile_has_one_spelling() {
        assert!("01980c6e-1111-7000-8000-000000000001".parse::<ProfileId>().is_ok());
        for other in [
            "01980C6E-1111-7000-8000-00000000000A",
            "{01980c6e-1111-7000-8000-000000000001}",
            "7",
            "",
        ] {
            assert!(other.parse::<ProfileId>().is_err(), "{other}");
        }
    }

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
