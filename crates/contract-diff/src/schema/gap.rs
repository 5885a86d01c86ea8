//! Why the values of one schema are not all values of another.

use crate::pointer::Pointer;

/// In what two schemas differ, seen from the first, whose values should all be values of the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Facet {
    Type,
    Null,
    /// A value that the first lists.
    Value,
    /// The second lists its values and the first does not.
    Listed,
    /// The second demands a property; whether the first knows it.
    Required {
        known: bool,
        sunset: bool,
    },
    /// The second does not know a property of the first; whether it refuses what it does not know.
    Unknown {
        closed: bool,
        required: bool,
        sunset: bool,
    },
    /// The second refuses properties that it does not know.
    Closed,
    Limit,
    /// Whether the first has another.
    Pattern {
        changed: bool,
    },
    /// Whether the first has another.
    Format {
        changed: bool,
    },
    Not,
    /// No variant of the second is like one of the first.
    Variant,
    /// Two variants of the second may both be valid, and then none is.
    Overlap,
    /// It cannot be told.
    Unclear,
    /// What holds when nothing is said.
    Default,
}

/// One reason.
#[derive(Debug, Clone)]
pub(crate) struct Gap {
    pub(crate) facet: Facet,
    pub(crate) at: Pointer,
    /// What the first says, in a few words.
    pub(crate) first: String,
    /// What the second says.
    pub(crate) second: String,
    /// Whether a value is lost by it; otherwise it is only worth saying.
    pub(crate) hard: bool,
    /// Whether the second says that more values may come.
    pub(crate) extensible: bool,
}

impl Gap {
    pub(crate) fn hard(facet: Facet, at: &Pointer, first: String, second: String) -> Self {
        Self { facet, at: at.clone(), first, second, hard: true, extensible: false }
    }

    pub(crate) fn soft(facet: Facet, at: &Pointer, first: String, second: String) -> Self {
        Self { hard: false, ..Self::hard(facet, at, first, second) }
    }
}

/// How many of them lose values.
pub(crate) fn hard(gaps: &[Gap]) -> usize {
    gaps.iter().filter(|gap| gap.hard).count()
}
