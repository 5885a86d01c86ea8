//! From a score's bins to points, reasons and words.

use crate::domain::Score;
use scorecard::{Band, Bins, BinsError, Explanation, Language, Scorecard};
use serde_json::json;

/// Why a score cannot be explained: it was made with a card that this version does not have, or not by that card.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unexplained {
    #[error("there is no scorecard {0}")]
    NoCard(String),
    #[error("bins that no card has: {0}")]
    NoBins(#[from] serde_json::Error),
    #[error(transparent)]
    OtherBins(#[from] BinsError),
}

pub(crate) fn explain(score: &Score, language: Language) -> Result<Explanation, Unexplained> {
    let bins: Bins = serde_json::from_value(json!(score.bins))?;
    Ok(card(score)?.explain(&bins, language)?)
}

/// Where the score lies. `None`: nobody here knows its card.
pub(crate) fn band(score: &Score) -> Option<&'static Band> {
    Some(card(score).ok()?.band(score.score))
}

fn card(score: &Score) -> Result<&'static Scorecard, Unexplained> {
    let card = Scorecard::of_version(&score.scorecard);
    card.ok_or_else(|| Unexplained::NoCard(score.scorecard.clone()))
}
