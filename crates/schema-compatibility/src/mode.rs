//! Who must be able to read what.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Direction;

/// What a new version of a schema has to keep, in the words of schema registries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Nothing.
    None,
    /// The new version reads what the last one wrote.
    Backward,
    /// The last version reads what the new one writes.
    Forward,
    /// Both.
    Full,
    /// The new version reads what all earlier ones wrote.
    BackwardTransitive,
    /// All earlier versions read what the new one writes.
    ForwardTransitive,
    /// Both, with all earlier versions.
    FullTransitive,
}

/// A word that is no mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no mode; the modes are {words}", words = Mode::ALL.map(Mode::word).join(", "))]
pub struct UnknownMode(String);

impl Mode {
    /// All modes, the loosest first.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Backward,
        Self::Forward,
        Self::Full,
        Self::BackwardTransitive,
        Self::ForwardTransitive,
        Self::FullTransitive,
    ];

    /// How it is written, such as `full-transitive`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Backward => "backward",
            Self::Forward => "forward",
            Self::Full => "full",
            Self::BackwardTransitive => "backward-transitive",
            Self::ForwardTransitive => "forward-transitive",
            Self::FullTransitive => "full-transitive",
        }
    }

    /// Whether all earlier versions count, and not the last one alone.
    #[must_use]
    pub fn is_transitive(self) -> bool {
        matches!(self, Self::BackwardTransitive | Self::ForwardTransitive | Self::FullTransitive)
    }

    pub(crate) fn directions(self) -> &'static [Direction] {
        match self {
            Self::None => &[],
            Self::Backward | Self::BackwardTransitive => &[Direction::Backward],
            Self::Forward | Self::ForwardTransitive => &[Direction::Forward],
            Self::Full | Self::FullTransitive => &[Direction::Backward, Direction::Forward],
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(word: &str) -> Result<Self, UnknownMode> {
        let found = Self::ALL.into_iter().find(|mode| mode.word() == word);
        found.ok_or_else(|| UnknownMode(word.to_owned()))
    }
}
