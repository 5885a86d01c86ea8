//! Why somebody has a score, in plain words.

use crate::card::{Bin, Characterised};
use crate::{Band, Bins, BinsError, Characteristic, Language, Scorecard};
use serde::Serialize;
use std::cmp::Reverse;

/// How many reasons are told: more are no help (12 CFR 1002, supplement I, 9(b)(2)).
pub const MAX_REASONS: usize = 4;

/// A score taken apart. Made of card, bins and language alone. JSON, camelCase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The version of the card.
    pub scorecard: String,
    /// Of the sentences.
    pub language: Language,
    /// The points of all characteristics together.
    pub score: i32,
    /// The lowest score that this card can give.
    pub lowest: i32,
    /// The highest score that this card can give.
    pub highest: i32,
    /// Where the score lies.
    pub band: Band,
    /// Everything that was looked at, in the card's order.
    pub characteristics: Vec<Part>,
    /// What cost most points, at most four, the most expensive first; of equal ones, in the card's order. None for who
    /// lost no points.
    pub reasons: Vec<Reason>,
}

/// The points of one characteristic. JSON, camelCase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// What was looked at.
    pub characteristic: Characteristic,
    /// Its stable code, such as `CR-011`.
    pub code: String,
    /// The name of the bin.
    pub bin: String,
    /// What the bin means.
    pub words: String,
    /// What it brought.
    pub points: i32,
    /// What the best bin would have brought.
    pub best: i32,
}

/// Something that cost points. JSON, camelCase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// Its stable code, such as `CR-011`.
    pub code: String,
    /// What was looked at.
    pub characteristic: Characteristic,
    /// What cost the points, as a sentence.
    pub sentence: String,
    /// The best bin's points less the own ones; more than 0.
    pub points_lost: i32,
    /// What would change it.
    pub change: Change,
}

/// The nearest better bin. JSON, camelCase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Its name.
    pub bin: String,
    /// What it means.
    pub words: String,
    /// How many points more it brings.
    pub points_gained: i32,
}

impl Scorecard {
    /// Points by characteristic, reasons, and what would change them.
    ///
    /// # Errors
    /// If the bins are not of this card.
    pub fn explain(&self, bins: &Bins, language: Language) -> Result<Explanation, BinsError> {
        let chosen = self.chosen(bins)?;
        let score = chosen.iter().map(|(_, bin)| bin.points).sum();
        let part = |(characterised, bin): &(&Characterised, &Bin)| Part {
            characteristic: characterised.characteristic,
            code: characterised.code.clone(),
            bin: bin.name.clone(),
            words: bin.words.get(language).to_owned(),
            points: bin.points,
            best: characterised.best(),
        };
        let mut reasons: Vec<Reason> = chosen
            .iter()
            .filter_map(|(characterised, bin)| reason(characterised, bin, language))
            .collect();
        // Stable: what costs as much stays in the card's order.
        reasons.sort_by_key(|reason| Reverse(reason.points_lost));
        reasons.truncate(MAX_REASONS);
        Ok(Explanation {
            scorecard: self.version.clone(),
            language,
            score,
            lowest: self.lowest,
            highest: self.highest,
            band: self.band(score).clone(),
            characteristics: chosen.iter().map(part).collect(),
            reasons,
        })
    }
}

/// None if no points were lost.
fn reason(characterised: &Characterised, bin: &Bin, language: Language) -> Option<Reason> {
    let better = characterised.nearest_better(bin)?;
    Some(Reason {
        code: characterised.code.clone(),
        characteristic: characterised.characteristic,
        sentence: characterised.reason.get(language).to_owned(),
        points_lost: characterised.best() - bin.points,
        change: Change {
            bin: better.name.clone(),
            words: better.words.get(language).to_owned(),
            points_gained: better.points - bin.points,
        },
    })
}
