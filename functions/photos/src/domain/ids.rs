//! The names of things.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

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
    /// A profile; owned by the app `profiles`.
    ProfileId, "must be a UUID in small letters, as in the profile's `id`"
}
uuid_id! {
    /// A photo, for ever: a UUIDv7 (RFC 9562), so that ids sort by the time of the ticket.
    PhotoId, "must be a UUID in small letters, as in the photo's `id`"
}

/// What the id of an appeal has behind the photo's.
const APPEAL: &str = "-appeal";

/// A case: the photo's id for its first review, with `-appeal` behind it for the appeal. Made from the photo, so
/// that opening a case twice is opening it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaseId(String);

impl CaseId {
    pub(crate) fn of_review(photo: PhotoId) -> Self {
        Self(photo.to_string())
    }

    pub(crate) fn of_appeal(photo: PhotoId) -> Self {
        Self(format!("{photo}{APPEAL}"))
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::ops::Deref for CaseId {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl FromStr for CaseId {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let photo: Result<PhotoId, _> = text.strip_suffix(APPEAL).unwrap_or(text).parse();
        photo.map_err(|_| "must be a photo's id, with `-appeal` behind it for an appeal")?;
        Ok(Self(text.to_owned()))
    }
}

/// Counts the writes to a photo that somebody else could notice: 1 when its ticket is given, one more at
/// every change of its state. Late messages are recognised by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Revision(u64);

impl Revision {
    pub(crate) const FIRST: Self = Self(1);

    pub(crate) fn next(self) -> Self {
        Self(self.0 + 1)
    }

    pub(crate) fn get(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_has_one_spelling() {
        assert!("01980c6e-1111-7000-8000-000000000001".parse::<PhotoId>().is_ok());
        for other in ["01980C6E-1111-7000-8000-00000000000A", "{01980c6e}", "7", ""] {
            assert!(other.parse::<PhotoId>().is_err(), "{other}");
        }
    }

    #[test]
    fn a_case_is_named_after_its_photo() {
        let photo: PhotoId = "01980c6e-1111-7000-8000-000000000001".parse().unwrap();
        for id in [CaseId::of_review(photo), CaseId::of_appeal(photo)] {
            assert_eq!(id.parse(), Ok(id));
        }
        for other in ["", "-appeal", "7-appeal", "\u{80}", "01980c6e-1111-7000-8000-000000000001-"]
        {
            assert!(other.parse::<CaseId>().is_err(), "{other}");
        }
    }
}
