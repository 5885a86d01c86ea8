//! The names of things.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

values::id! {
    /// A profile; owned by the app `profiles`.
    pub(crate) ProfileId, "must be a UUID in small letters, as in the profile's `id`"
}
values::id! {
    /// A photo, for ever: a UUIDv7 (RFC 9562), so that ids sort by the time of the ticket.
    pub(crate) PhotoId, "must be a UUID in small letters, as in the photo's `id`"
}

/// What finds a photo without a search, and never changes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhotoKey {
    pub(crate) id: PhotoId,
    pub(crate) profile_id: ProfileId,
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

#[cfg(test)]
mod tests {
    use super::*;

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
