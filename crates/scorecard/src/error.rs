//! What can be wrong with a card, and with what is asked of one.

use crate::Characteristic;
use thiserror::Error;

/// Why a file is no scorecard: where, what is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("scorecard {version}: {place}: {what}")]
pub struct CardError {
    /// The version that was asked for.
    pub version: String,
    /// Where in the file, such as `characteristics[3].bins[1].below`.
    pub place: String,
    /// What is wrong, and what to write instead.
    pub what: String,
}

/// Why a card cannot say something about values or bins.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BinsError {
    /// There is no value or no bin for what the card looks at.
    #[error(
        "scorecard {version} looks at {characteristic}, for which there is nothing: give it one"
    )]
    Missing {
        /// The card's version.
        version: String,
        /// What is missing.
        characteristic: Characteristic,
    },
    /// The card has no such bin.
    #[error(
        "scorecard {version} has no bin {bin:?} of {characteristic}: use the version that made it"
    )]
    NoSuchBin {
        /// The card's version.
        version: String,
        /// Where the bin was looked for.
        characteristic: Characteristic,
        /// Its name.
        bin: String,
    },
    /// The card does not look at this.
    #[error(
        "scorecard {version} does not look at {characteristic}: use the version that made the bins"
    )]
    NotLookedAt {
        /// The card's version.
        version: String,
        /// What the card does not know.
        characteristic: Characteristic,
    },
}
