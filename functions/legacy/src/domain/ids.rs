//! The names and versions of things.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A profile, for ever (UUIDv7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ProfileId(Uuid);

impl From<Uuid> for ProfileId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl FromStr for ProfileId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WHAT: &str = "must be a UUID in small letters, as in the profile's `id`";
        let id = Uuid::try_parse(text).map_err(|_| WHAT)?;
        if id.as_hyphenated().to_string() == text { Ok(Self(id)) } else { Err(WHAT) }
    }
}

/// Counts the writes to a profile: 1 when it is registered, one more at every change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub(crate) struct Revision(u64);

impl Revision {
    pub(crate) fn get(self) -> u64 {
        self.0
    }

    /// Whether it is the registration.
    pub(crate) fn is_first(self) -> bool {
        self.0 == 1
    }
}

impl TryFrom<u64> for Revision {
    type Error = &'static str;

    /// CloudEvents' Integer has 32 bits: a revision beyond it cannot be an attribute of a message.
    fn try_from(number: u64) -> Result<Self, Self::Error> {
        if (1..=i32::MAX as u64).contains(&number) {
            return Ok(Self(number));
        }
        Err("a revision is a whole number from 1 to 2147483647")
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
