//! How often a thing changed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Counts the writes to a thing that somebody else could notice: 1 when it is created, one more at every change. Late
/// messages are recognised by it. In JSON a number.
///
/// The largest is 2147483647: CloudEvents' Integer has 32 bits, and a revision beyond it could not be an attribute of
/// a message (CloudEvents 1.0.2, section 2.2). At one change a second that is 68 years away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub struct Revision(u64);

/// The number is no revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a revision is a whole number from 1 to {}", Revision::LAST.0)]
pub struct InvalidRevision;

impl Revision {
    /// Of a thing that was just created.
    pub const FIRST: Self = Self(1);
    /// There is none after it.
    pub const LAST: Self = Self(i32::MAX as u64);

    /// The one after this; [`Revision::LAST`] stays what it is.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1).min(Self::LAST)
    }

    /// As a number, from 1 to 2147483647.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    /// Whether the thing has not been changed since it was created.
    #[must_use]
    pub fn is_first(self) -> bool {
        self == Self::FIRST
    }
}

impl TryFrom<u64> for Revision {
    type Error = InvalidRevision;

    fn try_from(number: u64) -> Result<Self, Self::Error> {
        if (Self::FIRST.0..=Self::LAST.0).contains(&number) {
            Ok(Self(number))
        } else {
            Err(InvalidRevision)
        }
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn it_begins_at_one_and_ends_where_a_message_can_still_name_it() {
        assert!(Revision::FIRST.is_first() && !Revision::FIRST.next().is_first());
        assert_eq!(Revision::FIRST.next().get(), 2);
        assert_eq!(Revision::try_from(2_147_483_647), Ok(Revision::LAST));
        assert_eq!(Revision::LAST.next(), Revision::LAST);
        for number in [0, 2_147_483_648, u64::MAX] {
            assert_eq!(
                Revision::try_from(number).unwrap_err().to_string(),
                "a revision is a whole number from 1 to 2147483647"
            );
        }
    }

    #[test]
    fn in_json_it_is_a_number() {
        assert_eq!(json!(Revision::FIRST), json!(1));
        assert_eq!(serde_json::from_value::<Revision>(json!(7)).unwrap().get(), 7);
        for other in [json!(0), json!(-1), json!("1"), json!(1.5), json!(2_147_483_648_u64)] {
            assert!(serde_json::from_value::<Revision>(other).is_err());
        }
    }
}
