//! How bad Azure AI Content Safety finds a picture, and from where on that is too bad.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// The severities that four-level output has (`outputType` FourSeverityLevels).
const LEVELS: [u8; 4] = [0, 2, 4, 6];

/// What is looked for; the names are those of Content Safety.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Category {
    Hate,
    SelfHarm,
    Sexual,
    Violence,
}

impl Category {
    pub(crate) const ALL: [Self; 4] = [Self::Hate, Self::SelfHarm, Self::Sexual, Self::Violence];

    /// The name in reason codes: `content-self-harm`.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Hate => "hate",
            Self::SelfHarm => "self-harm",
            Self::Sexual => "sexual",
            Self::Violence => "violence",
        }
    }
}

impl FromStr for Category {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|category| format!("{category:?}") == text);
        found.ok_or_else(|| format!("{text} is not one of Hate, SelfHarm, Sexual, Violence"))
    }
}

/// The severity of each category, 0 to 6.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Severities(BTreeMap<Category, u8>);

impl Severities {
    pub(crate) fn of(found: impl IntoIterator<Item = (Category, u8)>) -> Self {
        Self(found.into_iter().collect())
    }

    /// Of each category the worse: a picture is as bad as its worst frame.
    #[must_use]
    pub(crate) fn worst(mut self, other: &Self) -> Self {
        for (category, severity) in &other.0 {
            let worst = self.0.entry(*category).or_default();
            *worst = (*worst).max(*severity);
        }
        self
    }

    /// The severity of a category, unless it was not looked at.
    pub(crate) fn get(&self, category: Category) -> Option<u8> {
        self.0.get(&category).copied()
    }

    /// The highest severity of all categories.
    pub(crate) fn highest(&self) -> u8 {
        self.0.values().copied().max().unwrap_or_default()
    }
}

/// What the severities of a picture mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Approve,
    /// A person decides; the category that asks for it most.
    Review(Category),
    Reject(Category),
}

/// The severities from which on a category is reviewed, and rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Band {
    review_from: u8,
    reject_from: u8,
}

/// A band for every category, as the setting `MODERATION_BANDS` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bands(BTreeMap<Category, Band>);

impl Bands {
    /// A category that has no severity was not looked at: a person does.
    pub(crate) fn judge(&self, severities: &Severities) -> Verdict {
        let mut verdict = Verdict::Approve;
        let mut worst = 0;
        for (category, band) in &self.0 {
            let severity = severities.get(*category);
            let rank = match severity {
                Some(severity) if severity >= band.reject_from => 2,
                Some(severity) if severity < band.review_from => 0,
                Some(_) | None => 1,
            };
            let found = u32::from(severity.unwrap_or_default()) + 100 * rank;
            if rank == 0 || found <= worst {
                continue;
            }
            worst = found;
            verdict =
                if rank == 2 { Verdict::Reject(*category) } else { Verdict::Review(*category) };
        }
        verdict
    }
}

/// The setting is not a band for each category.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BandsError {
    #[error(
        "{0:?} is not like Hate=2,4: category, severity to review from, severity to reject from"
    )]
    Shape(String),
    #[error("{0}")]
    Category(String),
    #[error("the severities of {0:?} must be among 0, 2, 4, 6, and the first not above the second")]
    Severity(Category),
    #[error("{0:?} must be there exactly once")]
    Once(Category),
}

impl FromStr for Bands {
    type Err = BandsError;

    fn from_str(text: &str) -> Result<Self, BandsError> {
        let mut bands = BTreeMap::new();
        for part in text.split(';').filter(|part| !part.trim().is_empty()) {
            let shape = || BandsError::Shape(part.to_owned());
            let (name, levels) = part.split_once('=').ok_or_else(shape)?;
            let (review, reject) = levels.split_once(',').ok_or_else(shape)?;
            let category: Category = name.trim().parse().map_err(BandsError::Category)?;
            let level = |text: &str| text.trim().parse::<u8>().map_err(|_| shape());
            let band = Band { review_from: level(review)?, reject_from: level(reject)? };
            let known = |level| LEVELS.contains(&level);
            if !known(band.review_from)
                || !known(band.reject_from)
                || band.review_from > band.reject_from
            {
                return Err(BandsError::Severity(category));
            }
            if bands.insert(category, band).is_some() {
                return Err(BandsError::Once(category));
            }
        }
        match Category::ALL.into_iter().find(|category| !bands.contains_key(category)) {
            Some(missing) => Err(BandsError::Once(missing)),
            None => Ok(Self(bands)),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Approve => f.write_str("approve"),
            Self::Review(category) => write!(f, "review for {}", category.slug()),
            Self::Reject(category) => write!(f, "reject for {}", category.slug()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "Hate=2,4;SelfHarm=2,4;Sexual=4,6;Violence=2,4";

    fn judged(found: &[(Category, u8)]) -> Verdict {
        let clean = Severities::of(Category::ALL.map(|category| (category, 0)));
        let severities = clean.worst(&Severities::of(found.iter().copied()));
        SAMPLE.parse::<Bands>().unwrap().judge(&severities)
    }

    #[test]
    fn the_worst_category_decides() {
        assert_eq!(judged(&[]), Verdict::Approve);
        assert_eq!(judged(&[(Category::Sexual, 2)]), Verdict::Approve);
        assert_eq!(judged(&[(Category::Sexual, 4)]), Verdict::Review(Category::Sexual));
        assert_eq!(
            judged(&[(Category::Sexual, 4), (Category::Violence, 4)]),
            Verdict::Reject(Category::Violence)
        );
        assert_eq!(
            judged(&[(Category::Hate, 4), (Category::Sexual, 6)]),
            Verdict::Reject(Category::Sexual)
        );
    }

    #[test]
    fn what_was_not_looked_at_is_never_approved() {
        let bands: Bands = SAMPLE.parse().unwrap();
        assert_eq!(bands.judge(&Severities::default()), Verdict::Review(Category::Hate));
        let three = Severities::of(Category::ALL.into_iter().skip(1).map(|c| (c, 0)));
        assert_eq!(bands.judge(&three), Verdict::Review(Category::Hate));
    }

    #[test]
    fn a_picture_is_as_bad_as_its_worst_frame() {
        let first = Severities::of([(Category::Hate, 0), (Category::Violence, 4)]);
        let worst = first.worst(&Severities::of([(Category::Hate, 2), (Category::Violence, 0)]));
        assert_eq!(worst, Severities::of([(Category::Hate, 2), (Category::Violence, 4)]));
        assert_eq!(worst.highest(), 4);
    }

    #[test]
    fn bands_must_be_complete_and_sensible() {
        for wrong in [
            "",
            "Hate=2,4",
            "Hate=2,4;SelfHarm=2,4;Sexual=2,4;Violence=4,2",
            "Hate=2,4;SelfHarm=2,4;Sexual=2,4;Violence=1,4",
            "Hate=2,4;Hate=2,4;SelfHarm=2,4;Sexual=2,4;Violence=2,4",
            "Gore=2,4",
            "Hate",
        ] {
            assert!(wrong.parse::<Bands>().is_err(), "{wrong}");
        }
    }
}
