//! The four categories and how severe each is.

use serde::{Deserialize, Serialize};

/// The severities of the published four-level output: 0, 2, 4 and 6.
pub(crate) const LEVELS: [u8; 4] = [0, 2, 4, 6];

/// A category of harm, spelled as the API spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Category {
    Hate,
    SelfHarm,
    Sexual,
    Violence,
}

impl Category {
    /// In the order in which the service answers them.
    pub(crate) const ALL: [Self; 4] = [Self::Hate, Self::SelfHarm, Self::Sexual, Self::Violence];
}

/// A verdict in four levels (0, 2, 4, 6) for each category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Severities {
    /// Hate.
    pub hate: u8,
    /// Self-harm.
    pub self_harm: u8,
    /// Sexual content.
    pub sexual: u8,
    /// Violence.
    pub violence: u8,
}

impl Severities {
    pub(crate) fn of(self, category: Category) -> u8 {
        match category {
            Category::Hate => self.hate,
            Category::SelfHarm => self.self_harm,
            Category::Sexual => self.sexual,
            Category::Violence => self.violence,
        }
    }

    pub(crate) fn are_levels(self) -> bool {
        Category::ALL.iter().all(|category| LEVELS.contains(&self.of(*category)))
    }
}
