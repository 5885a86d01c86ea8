//! The cards in the binary. Old ones stay: what they said can be explained as long as it is kept.

use crate::Scorecard;
use std::sync::LazyLock;

/// Version and file; the newest last. A test holds the list against the folder.
const FILES: [(&str, &str); 2] = [
    ("2026-05", include_str!("../scorecards/2026-05.json")),
    ("2026-11", include_str!("../scorecards/2026-11.json")),
];

static CARDS: LazyLock<Vec<Scorecard>> = LazyLock::new(|| {
    let card = |(version, file)| Scorecard::parse(version, file);
    FILES.into_iter().map(card).collect::<Result<_, _>>().expect("a test loads every card")
});

impl Scorecard {
    /// The card that new assessments are scored with.
    ///
    /// # Panics
    /// Never: a test loads every card.
    #[must_use]
    pub fn current() -> &'static Self {
        CARDS.last().expect("there is a card")
    }

    /// The card of a version, as long as there is one.
    #[must_use]
    pub fn of_version(version: &str) -> Option<&'static Self> {
        CARDS.iter().find(|card| card.version == version)
    }

    /// All there are, the newest last.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &CARDS
    }
}
