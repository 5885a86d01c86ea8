//! A scorecard as it is used: everything in it is an integer or a text.

use crate::file::Texts;
use crate::{Bins, BinsError, Characteristic, Values};
use serde::Serialize;

/// A scorecard that was loaded and checked. Made of a file of `scorecards/` by [`Scorecard::parse`].
#[derive(Debug)]
pub struct Scorecard {
    pub(crate) version: String,
    pub(crate) lowest: i32,
    pub(crate) highest: i32,
    /// The best first; together they are the whole range.
    pub(crate) bands: Vec<Band>,
    /// In the card's order, which decides between reasons of equal weight.
    pub(crate) characteristics: Vec<Characterised>,
}

/// A part of the range of scores. JSON, camelCase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Band {
    /// Such as `A`.
    pub name: String,
    /// Its lowest score.
    pub from: i32,
    /// Its highest score.
    pub to: i32,
}

/// One characteristic of a card.
#[derive(Debug)]
pub(crate) struct Characterised {
    pub(crate) characteristic: Characteristic,
    pub(crate) code: String,
    pub(crate) reason: Texts,
    /// From the lowest values to the highest; the last has no end.
    pub(crate) bins: Vec<Bin>,
}

#[derive(Debug)]
pub(crate) struct Bin {
    pub(crate) name: String,
    /// The first value that is not in it any more.
    pub(crate) below: Option<i64>,
    pub(crate) points: i32,
    pub(crate) words: Texts,
}

impl Scorecard {
    /// Such as `2026-11`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The score of who is in the worst bin everywhere.
    #[must_use]
    pub fn lowest(&self) -> i32 {
        self.lowest
    }

    /// The score of who is in the best bin everywhere.
    #[must_use]
    pub fn highest(&self) -> i32 {
        self.highest
    }

    /// What it looks at, in its order.
    pub fn characteristics(&self) -> impl Iterator<Item = Characteristic> {
        self.characteristics.iter().map(|characterised| characterised.characteristic)
    }

    /// The best first; together they are the whole range.
    #[must_use]
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The band of a score; of one outside of the range, the nearest.
    #[must_use]
    pub fn band(&self, score: i32) -> &Band {
        let lowest = &self.bands[self.bands.len() - 1];
        self.bands.iter().find(|band| score >= band.from).unwrap_or(lowest)
    }

    /// The bin of each value. Values that it does not look at are left out.
    ///
    /// # Errors
    /// If there is no value for something that it looks at.
    pub fn bins(&self, values: &Values) -> Result<Bins, BinsError> {
        let bin = |characterised: &Characterised| {
            let characteristic = characterised.characteristic;
            let value = values.get(&characteristic).ok_or_else(|| self.missing(characteristic))?;
            let bins = &characterised.bins;
            let bin = bins.iter().find(|bin| bin.below.is_none_or(|below| *value < below));
            Ok((characteristic, bin.unwrap_or(&bins[bins.len() - 1]).name.clone()))
        };
        self.characteristics.iter().map(bin).collect()
    }

    /// The points of all bins together; within the range.
    ///
    /// # Errors
    /// If the bins are not of this card.
    pub fn score(&self, bins: &Bins) -> Result<i32, BinsError> {
        Ok(self.chosen(bins)?.iter().map(|(_, bin)| bin.points).sum())
    }

    /// Each characteristic with the bin that somebody is in, in the card's order.
    pub(crate) fn chosen(&self, bins: &Bins) -> Result<Vec<(&Characterised, &Bin)>, BinsError> {
        if let Some((characteristic, _)) = bins
            .iter()
            .find(|(characteristic, _)| self.characteristics().all(|c| c != *characteristic))
        {
            return Err(BinsError::NotLookedAt { version: self.version.clone(), characteristic });
        }
        let choose = |characterised| self.choice(characterised, bins);
        self.characteristics.iter().map(choose).collect()
    }

    fn choice<'a>(
        &self,
        characterised: &'a Characterised,
        bins: &Bins,
    ) -> Result<(&'a Characterised, &'a Bin), BinsError> {
        let characteristic = characterised.characteristic;
        let name = bins.get(characteristic).ok_or_else(|| self.missing(characteristic))?;
        let bin = characterised.bins.iter().find(|bin| bin.name == name);
        let bin = bin.ok_or_else(|| BinsError::NoSuchBin {
            version: self.version.clone(),
            characteristic,
            bin: name.to_owned(),
        })?;
        Ok((characterised, bin))
    }

    fn missing(&self, characteristic: Characteristic) -> BinsError {
        BinsError::Missing { version: self.version.clone(), characteristic }
    }
}

impl Characterised {
    pub(crate) fn best(&self) -> i32 {
        self.bins.iter().map(|bin| bin.points).max().unwrap_or_default()
    }

    pub(crate) fn worst(&self) -> i32 {
        self.bins.iter().map(|bin| bin.points).min().unwrap_or_default()
    }

    /// The nearest bin with more points; of two that are as near, the one with more. None for a best bin.
    pub(crate) fn nearest_better(&self, own: &Bin) -> Option<&Bin> {
        let place = self.bins.iter().position(|bin| bin.name == own.name)?;
        let better = self.bins.iter().enumerate().filter(|(_, bin)| bin.points > own.points);
        let nearest = better.min_by_key(|(other, bin)| (other.abs_diff(place), -bin.points));
        nearest.map(|(_, bin)| bin)
    }
}
