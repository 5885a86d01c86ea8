//! The form of a card's file (`scorecards/scorecard.schema.json`).

use crate::{Characteristic, Language};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CardFile {
    #[serde(rename = "$schema")]
    pub(crate) _schema: String,
    pub(crate) version: String,
    pub(crate) scale: Scale,
    /// The model's α: the logarithm of the odds of somebody whose evidence is all neutral, bad to good.
    pub(crate) intercept: f64,
    pub(crate) range: Range,
    pub(crate) bands: Vec<BandFile>,
    pub(crate) characteristics: Vec<CharacteristicFile>,
}

/// `score` points mean that `odds` good ones come to a bad one, and `points_to_double_odds` more that twice as many do.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Scale {
    pub(crate) points_to_double_odds: u32,
    pub(crate) score: u32,
    pub(crate) odds: u32,
}

/// All worst bins together, and all best.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Range {
    pub(crate) lowest: i32,
    pub(crate) highest: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BandFile {
    pub(crate) name: String,
    pub(crate) from: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CharacteristicFile {
    pub(crate) name: Characteristic,
    pub(crate) code: String,
    /// The model's β.
    pub(crate) weight: f64,
    pub(crate) trend: Trend,
    pub(crate) reason: Texts,
    pub(crate) bins: Vec<BinFile>,
}

/// How points go with the value.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Trend {
    /// More of it never costs points.
    Rising,
    /// More of it never brings points.
    Falling,
    /// Neither is promised.
    Any,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BinFile {
    pub(crate) name: String,
    /// The first value that is not in it any more; the bin begins where the one before it ends.
    #[serde(default)]
    pub(crate) below: Option<i64>,
    /// Weight of evidence: the logarithm of (share of the good ones in this bin ÷ share of the bad ones).
    pub(crate) woe: f64,
    pub(crate) words: Texts,
}

/// A text in each language.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    en: String,
    de: String,
    sv: String,
}

impl Texts {
    pub(crate) fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::De => &self.de,
            Language::Sv => &self.sv,
        }
    }
}
