//! The states of a photo and the ways between them; drawn in docs/photos.md.

use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PhotoState {
    /// There is a ticket and nothing else.
    AwaitingUpload,
    /// The upload is there and on its way through the pipeline, or waiting for Content Safety.
    Checking,
    /// A moderator decides.
    Review,
    /// The only state in which anybody but a moderator sees the picture.
    Approved,
    Rejected,
    /// The ticket was not used in time.
    Expired,
    /// Deleted by its owner, or with its owner's profile. Nothing leads out of here.
    Erased,
}

impl PhotoState {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 7] = [
        Self::AwaitingUpload,
        Self::Checking,
        Self::Review,
        Self::Approved,
        Self::Rejected,
        Self::Expired,
        Self::Erased,
    ];

    /// Where a photo may go from here; the whole table.
    pub(crate) fn next(self) -> &'static [Self] {
        match self {
            Self::AwaitingUpload => &[Self::Checking, Self::Expired, Self::Erased],
            Self::Checking => &[Self::Approved, Self::Review, Self::Rejected, Self::Erased],
            Self::Review => &[Self::Approved, Self::Rejected, Self::Erased],
            Self::Approved => &[Self::Review, Self::Rejected, Self::Erased],
            Self::Rejected => &[Self::Review, Self::Erased],
            Self::Expired => &[Self::Erased],
            Self::Erased => &[],
        }
    }

    pub(crate) fn may_become(self, next: Self) -> bool {
        self.next().contains(&next)
    }

    /// Whether other apps are told: the states that messages on `photo-decisions` may name.
    pub(crate) fn is_announced(self) -> bool {
        matches!(self, Self::Review | Self::Approved | Self::Rejected | Self::Erased)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingUpload => "awaiting-upload",
            Self::Checking => "checking",
            Self::Review => "review",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Erased => "erased",
        }
    }
}

impl fmt::Display for PhotoState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The photo is not in a state that allows this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TransitionRefused {
    #[error("a photo that is {from} cannot become {to}")]
    Unreachable { from: PhotoState, to: PhotoState },
    /// Nobody can approve what was never decoded: there is nothing to show.
    #[error("the photo has no picture that could be shown")]
    PictureMissing,
    #[error("the photo was appealed before, or its rejection is not one that can be appealed")]
    Unappealable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn approval_is_reached_through_checking_or_review_only() {
        let before = PhotoState::ALL.into_iter().filter(|s| s.may_become(PhotoState::Approved));
        assert_eq!(before.collect::<Vec<_>>(), [PhotoState::Checking, PhotoState::Review]);
    }

    #[test]
    fn everything_can_be_erased_and_nothing_comes_back() {
        for state in PhotoState::ALL.into_iter().filter(|s| *s != PhotoState::Erased) {
            assert!(state.may_become(PhotoState::Erased), "{state}");
        }
        assert!(PhotoState::Erased.next().is_empty());
    }

    #[test]
    fn the_names_are_those_that_are_stored() {
        for state in PhotoState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
