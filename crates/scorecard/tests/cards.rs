//! What every card promises.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use pretty_assertions::assert_eq;
use proptest::prelude::*;
use scorecard::{Bins, BinsError, Characteristic, Language, Scorecard, Values};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scorecards");

fn file(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(Path::new(FOLDER).join(name)).unwrap()).unwrap()
}

fn file_of(card: &Scorecard) -> Value {
    file(&format!("{}.json", card.version()))
}

/// The names of all bins of a card, by characteristic, from its file.
fn bins_of(card: &Scorecard) -> BTreeMap<Characteristic, Vec<String>> {
    let file = file_of(card);
    let characteristics = file["characteristics"].as_array().unwrap().iter();
    characteristics
        .map(|one| {
            let name = serde_json::from_value(one["name"].clone()).unwrap();
            let bins = one["bins"].as_array().unwrap().iter();
            (name, bins.map(|bin| bin["name"].as_str().unwrap().to_owned()).collect())
        })
        .collect()
}

fn extreme(card: &Scorecard, pick: fn(&scorecard::Part, i32) -> bool) -> i32 {
    let all = bins_of(card);
    let mut chosen: Bins = all.iter().map(|(name, bins)| (*name, bins[0].clone())).collect();
    for (name, bins) in &all {
        for bin in bins {
            let with = |bin: &str| {
                let others = chosen.iter().map(|(c, b)| (c, b.to_owned()));
                others
                    .map(|(c, b)| if c == *name { (c, bin.to_owned()) } else { (c, b) })
                    .collect::<Bins>()
            };
            let points = |bins: &Bins| {
                let explanation = card.explain(bins, Language::En).unwrap();
                explanation
                    .characteristics
                    .into_iter()
                    .find(|part| part.characteristic == *name)
                    .unwrap()
            };
            let candidate = with(bin);
            if pick(&points(&chosen), points(&candidate).points) {
                chosen = candidate;
            }
        }
    }
    card.score(&chosen).unwrap()
}

#[test]
fn every_file_is_in_the_binary_and_keeps_the_schema() {
    let schema = jsonschema::validator_for(&file("scorecard.schema.json")).unwrap();
    let mut names: Vec<String> = fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "scorecard.schema.json")
        .collect();
    names.sort();
    let shipped = Scorecard::all().iter().map(|card| format!("{}.json", card.version()));
    assert_eq!(shipped.collect::<Vec<_>>(), names);
    for name in names {
        let mistakes: Vec<String> =
            schema.iter_errors(&file(&name)).map(|e| e.to_string()).collect();
        assert_eq!(mistakes, [""; 0], "{name}");
    }
    assert_eq!(Scorecard::current().version(), Scorecard::all().last().unwrap().version());
}

#[test]
fn the_published_cards_have_their_ranges_for_ever() {
    let range = |card: &Scorecard| (card.version().to_owned(), card.lowest(), card.highest());
    let ranges: Vec<_> = Scorecard::all().iter().map(range).collect();
    assert_eq!(ranges, [("2026-05".to_owned(), 349, 693), ("2026-11".to_owned(), 322, 708)]);
}

#[test]
fn all_best_bins_are_the_highest_score_and_all_worst_the_lowest() {
    for card in Scorecard::all() {
        assert_eq!(extreme(card, |own, other| other > own.points), card.highest());
        assert_eq!(extreme(card, |own, other| other < own.points), card.lowest());
    }
}

#[test]
fn every_score_has_a_band() {
    for card in Scorecard::all() {
        for score in card.lowest()..=card.highest() {
            let in_it = card.bands().iter().filter(|band| (band.from..=band.to).contains(&score));
            assert_eq!(in_it.collect::<Vec<_>>(), [card.band(score)]);
        }
        assert_eq!(card.band(i32::MAX).name, "A");
        assert_eq!(card.band(i32::MIN).name, "E");
    }
}

#[test]
fn a_bin_begins_with_the_value_at_which_the_one_before_ends() {
    for card in Scorecard::all() {
        let file = file_of(card);
        for one in file["characteristics"].as_array().unwrap() {
            let characteristic: Characteristic =
                serde_json::from_value(one["name"].clone()).unwrap();
            let bin = |value: i64| {
                let mut values: Values = card.characteristics().map(|other| (other, 0)).collect();
                values.insert(characteristic, value);
                card.bins(&values).unwrap().get(characteristic).unwrap().to_owned()
            };
            let bins = one["bins"].as_array().unwrap();
            assert_eq!(bin(i64::MIN), bins[0]["name"]);
            assert_eq!(bin(i64::MAX), bins[bins.len() - 1]["name"]);
            for pair in bins.windows(2) {
                let end = pair[0]["below"].as_i64().unwrap();
                assert_eq!(
                    (bin(end - 1), bin(end)),
                    (text(&pair[0]["name"]), text(&pair[1]["name"]))
                );
            }
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn codes_mean_the_same_in_every_version() {
    let mut codes = BTreeMap::new();
    for card in Scorecard::all() {
        for one in file_of(card)["characteristics"].as_array().unwrap() {
            let known =
                codes.entry(text(&one["code"])).or_insert_with(|| one["name"].clone()).clone();
            assert_eq!(known, one["name"]);
        }
    }
}

#[test]
fn points_follow_the_formula() {
    let card = Scorecard::current();
    let values: Values = Characteristic::ALL.into_iter().map(|one| (one, i64::MAX)).collect();
    let explanation = card.explain(&card.bins(&values).unwrap(), Language::En).unwrap();
    let months = &explanation.characteristics[0];
    // factor 28.8539, offset 487.1229: 0.8 · 0.47 · 28.8539 + (487.1229 + 2.9 · 28.8539) / 11 = 62.74
    assert_eq!((months.bin.as_str(), months.points), ("24-or-more", 63));
}

#[test]
fn bins_of_another_version_are_refused_in_words() {
    let (old, new) = (Scorecard::of_version("2026-05").unwrap(), Scorecard::current());
    let values: Values = Characteristic::ALL.into_iter().map(|one| (one, 0)).collect();
    let (old_bins, new_bins) = (old.bins(&values).unwrap(), new.bins(&values).unwrap());
    assert!(matches!(
        new.score(&old_bins),
        Err(BinsError::Missing { characteristic: Characteristic::LoanShare, .. })
    ));
    assert_eq!(
        old.score(&new_bins).unwrap_err().to_string(),
        "scorecard 2026-05 does not look at loan-share: use the version that made the bins"
    );
    let wrong: Bins = new_bins.iter().map(|(one, _)| (one, "sometimes")).collect();
    assert!(
        new.score(&wrong)
            .unwrap_err()
            .to_string()
            .contains("has no bin \"sometimes\" of months-of-history")
    );
    assert!(matches!(new.bins(&Values::new()), Err(BinsError::Missing { .. })));
    assert!(Scorecard::of_version("2027-01").is_none());
}

#[test]
fn bins_are_a_plain_object() {
    let bins: Bins =
        [(Characteristic::Shortfall, "under-2-percent"), (Characteristic::IncomeLevel, "800-1499")]
            .into_iter()
            .collect();
    let written = r#"{"income-level":"800-1499","shortfall":"under-2-percent"}"#;
    assert_eq!(serde_json::to_string(&bins).unwrap(), written);
    assert_eq!(
        serde_json::from_value::<Bins>(
            json!({"shortfall": "under-2-percent", "income-level": "800-1499"})
        )
        .unwrap(),
        bins
    );
}

proptest! {
    #[test]
    fn any_values_have_a_score_within_the_range(values in prop::collection::vec(any::<i64>(), 11)) {
        let values: Values = Characteristic::ALL.into_iter().zip(values).collect();
        for card in Scorecard::all() {
            let bins = card.bins(&values).unwrap();
            let score = card.score(&bins).unwrap();
            prop_assert!((card.lowest()..=card.highest()).contains(&score));
            let explanation = card.explain(&bins, Language::Sv).unwrap();
            prop_assert_eq!(explanation.characteristics.iter().map(|part| part.points).sum::<i32>(), score);
            prop_assert!(explanation.reasons.len() <= 4);
            prop_assert!(explanation.reasons.is_sorted_by(|a, b| a.points_lost >= b.points_lost));
            let least = explanation.reasons.last().map_or(0, |reason| reason.points_lost);
            for part in &explanation.characteristics {
                let told = explanation.reasons.iter().any(|reason| reason.code == part.code);
                prop_assert!(told || part.best - part.points <= least || explanation.reasons.len() < 4);
                prop_assert!(!told || part.best > part.points);
            }
        }
    }
}
