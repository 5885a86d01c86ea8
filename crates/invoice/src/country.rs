//! Countries.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{borrow::Cow, fmt, str::FromStr};

/// A country of ISO 3166-1, by its code of two capital letters, such as `DE`; in JSON a string. Greece is `GR`, whatever
/// its VAT ids begin with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// The member states of the European Union, whose VAT is one system.
const EUROPEAN_UNION: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

impl Country {
    /// Two capital letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two capital letters")
    }

    /// Whether it is a member state of the European Union.
    #[must_use]
    pub fn is_in_the_european_union(&self) -> bool {
        EUROPEAN_UNION.contains(&self.code())
    }
}

/// There is no such country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a country code of two capital letters (ISO 3166-1) such as DE")]
pub struct NoSuchCountry;

impl FromStr for Country {
    type Err = NoSuchCountry;

    fn from_str(code: &str) -> Result<Self, NoSuchCountry> {
        let letters: [u8; 2] = code.as_bytes().try_into().map_err(|_| NoSuchCountry)?;
        let is_known =
            letters.iter().all(u8::is_ascii_uppercase) && rust_iso3166::from_alpha2(code).is_some();
        if is_known { Ok(Self(letters)) } else { Err(NoSuchCountry) }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
