//! From a file to a card: points are computed, and everything that a card promises is checked.

use crate::Language;
use crate::card::{Band, Bin, Characterised, Scorecard};
use crate::error::CardError;
use crate::file::{BinFile, CardFile, CharacteristicFile, Scale, Texts, Trend};
use std::collections::BTreeSet;
use std::f64::consts::LN_2;

/// The most bins of a characteristic, and the longest sentence: for people to read.
const MAX_BINS: usize = 12;
const MAX_SENTENCE_CHARS: usize = 200;
/// Models have no larger numbers than this.
const MAX_COEFFICIENT: f64 = 20.0;
/// Points so near the middle of two whole numbers might be rounded up on one machine and down on another, since
/// logarithms may differ in their last digit.
const TIE: f64 = 1e-6;

type Checked<T = ()> = Result<T, (String, String)>;

impl Scorecard {
    /// Reads the file of a card and checks it.
    ///
    /// # Errors
    /// If it breaks what a card promises: the place in the file, and what to write instead.
    pub fn parse(version: &str, text: &str) -> Result<Self, CardError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let file: Result<CardFile, _> = serde_path_to_error::deserialize(&mut reader);
        let card = file
            .map_err(|error| {
                (error.path().to_string(), format!("{}: see the schema", error.inner()))
            })
            .and_then(|file| card(version, file));
        card.map_err(|(place, what)| CardError { version: version.to_owned(), place, what })
    }
}

fn card(version: &str, file: CardFile) -> Checked<Scorecard> {
    demand(file.version == version, "version", || {
        format!("must be {version}, as the file is named")
    })?;
    let scale = Points::of(&file.scale, file.intercept, file.characteristics.len())?;
    demand_unique(file.characteristics.iter().map(|one| one.name), "name")?;
    demand_unique(file.characteristics.iter().map(|one| &one.code), "code")?;
    let numbered = file.characteristics.into_iter().enumerate();
    let characteristics = numbered
        .map(|(place, one)| {
            characterised(&scale, one)
                .map_err(|(inner, what)| (format!("characteristics[{place}].{inner}"), what))
        })
        .collect::<Checked<Vec<_>>>()?;
    let lowest = characteristics.iter().map(Characterised::worst).sum();
    let highest = characteristics.iter().map(Characterised::best).sum();
    demand(file.range.lowest == lowest, "range.lowest", || {
        format!("must be {lowest}, all worst bins together")
    })?;
    demand(file.range.highest == highest, "range.highest", || {
        format!("must be {highest}, all best bins together")
    })?;
    let bands =
        bands(file.bands.iter().map(|band| (band.name.as_str(), band.from)), lowest, highest)?;
    Ok(Scorecard { version: file.version, lowest, highest, bands, characteristics })
}

/// How evidence becomes points: `round(−(β·WoE + α/n)·factor + offset/n)`.
struct Points {
    factor: f64,
    /// The share of each characteristic in intercept and offset.
    base: f64,
}

impl Points {
    fn of(scale: &Scale, intercept: f64, characteristics: usize) -> Checked<Self> {
        demand(characteristics > 0, "characteristics", || "must not be empty".to_owned())?;
        demand(scale.points_to_double_odds > 0, "scale.pointsToDoubleOdds", || {
            "must be 1 or more".to_owned()
        })?;
        demand(scale.odds > 0, "scale.odds", || {
            "must be 1 or more: good ones to a bad one".to_owned()
        })?;
        demand_coefficient(intercept, "intercept")?;
        let n = f64::from(u32::try_from(characteristics).unwrap_or(u32::MAX));
        let factor = f64::from(scale.points_to_double_odds) / LN_2;
        let offset = f64::from(scale.score) - factor * f64::from(scale.odds).ln();
        Ok(Self { factor, base: (offset - intercept * factor) / n })
    }

    fn of_bin(&self, weight: f64, bin: &BinFile) -> Checked<i32> {
        demand_coefficient(bin.woe, "woe")?;
        let exact = self.base - weight * bin.woe * self.factor;
        let from_tie = (exact - exact.floor() - 0.5).abs();
        demand(from_tie > TIE, "woe", || {
            format!(
                "{exact} points are as near to the next lower as to the next higher: change the last digit"
            )
        })?;
        let whole = exact.round();
        demand(whole.abs() <= 10_000.0, "woe", || format!("{whole} points are more than 10,000"))?;
        #[expect(clippy::cast_possible_truncation, reason = "whole, and at most 10,000")]
        Ok(whole as i32)
    }
}

fn characterised(points: &Points, file: CharacteristicFile) -> Checked<Characterised> {
    let code = file.code.strip_prefix("CR-").unwrap_or_default();
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    demand(is_code, "code", || {
        "must be CR- and three digits, and never be used for anything else".to_owned()
    })?;
    demand_coefficient(file.weight, "weight")?;
    demand_sentences(&file.reason, "reason")?;
    let count = file.bins.len();
    demand((2..=MAX_BINS).contains(&count), "bins", || "must be 2 to 12".to_owned())?;
    demand_unique(file.bins.iter().map(|bin| &bin.name), "bins.name")?;
    let mut bins: Vec<Bin> = Vec::with_capacity(count);
    for (place, bin) in file.bins.into_iter().enumerate() {
        let at = |(inner, what)| (format!("bins[{place}].{inner}"), what);
        let points = points.of_bin(file.weight, &bin).map_err(at)?;
        demand_sentences(&bin.words, "words").map_err(at)?;
        let before = bins.last();
        demand_order(before, &bin, place + 1 == count).map_err(at)?;
        demand_trend(file.trend, before, points).map_err(at)?;
        bins.push(Bin { name: bin.name, below: bin.below, points, words: bin.words });
    }
    Ok(Characterised { characteristic: file.name, code: file.code, reason: file.reason, bins })
}

/// A bin begins where the one before it ends, so there is no gap and no overlap; only the last has no end.
fn demand_order(before: Option<&Bin>, bin: &BinFile, is_last: bool) -> Checked {
    match (bin.below, before.and_then(|before| before.below)) {
        (Some(_), _) if is_last => refuse("below", "must be left out: the last bin has no end"),
        (None, _) if !is_last => refuse("below", "is missing: only the last bin has no end"),
        (Some(below), Some(before)) if below <= before => {
            refuse("below", &format!("must be more than {before}, where the bin before ends"))
        }
        _ => Ok(()),
    }
}

fn demand_trend(trend: Trend, before: Option<&Bin>, points: i32) -> Checked {
    let Some(before) = before.map(|before| before.points) else { return Ok(()) };
    match trend {
        Trend::Rising if points < before => {
            refuse("woe", &format!("{points} points after {before}, and the trend is rising"))
        }
        Trend::Falling if points > before => {
            refuse("woe", &format!("{points} points after {before}, and the trend is falling"))
        }
        _ => Ok(()),
    }
}

fn bands<'a>(
    files: impl Iterator<Item = (&'a str, i32)>,
    lowest: i32,
    highest: i32,
) -> Checked<Vec<Band>> {
    let mut to = highest;
    let mut bands = Vec::new();
    for (place, (name, from)) in files.enumerate() {
        demand((lowest..=to).contains(&from), &format!("bands[{place}].from"), || {
            format!(
                "must lie between {lowest} and {to}: the best band first, each below the one before"
            )
        })?;
        bands.push(Band { name: name.to_owned(), from, to });
        to = from - 1;
    }
    demand(to == lowest - 1, "bands", || {
        format!("the last must begin at {lowest}, the lowest score")
    })?;
    demand_unique(bands.iter().map(|band| &band.name), "bands.name")?;
    Ok(bands)
}

fn demand_sentences(texts: &Texts, place: &str) -> Checked {
    for language in Language::ALL {
        let text = texts.get(language);
        let is_right =
            text.trim() == text && (1..=MAX_SENTENCE_CHARS).contains(&text.chars().count());
        demand(is_right, &format!("{place}.{}", language.tag()), || {
            "must be a sentence of 1 to 200 characters without spaces around it".to_owned()
        })?;
    }
    Ok(())
}

fn demand_coefficient(value: f64, place: &str) -> Checked {
    demand(value.abs() <= MAX_COEFFICIENT, place, || "must lie between −20 and 20".to_owned())
}

fn demand_unique<T: Ord + ToString>(names: impl Iterator<Item = T>, place: &str) -> Checked {
    let mut seen = BTreeSet::new();
    for name in names {
        let text = name.to_string();
        demand(seen.insert(name), place, || format!("{text} is there twice"))?;
    }
    Ok(())
}

fn demand(is_right: bool, place: &str, what: impl FnOnce() -> String) -> Checked {
    if is_right { Ok(()) } else { Err((place.to_owned(), what())) }
}

fn refuse(place: &str, what: &str) -> Checked {
    Err((place.to_owned(), what.to_owned()))
}
