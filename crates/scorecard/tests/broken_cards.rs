//! Cards that must not be loaded, and what is said about them.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use pretty_assertions::assert_eq;
use scorecard::Scorecard;
use serde_json::{Value, json};

fn refusal(change: impl FnOnce(&mut Value)) -> String {
    let text = include_str!("../scorecards/2026-11.json");
    let mut card: Value = serde_json::from_str(text).unwrap();
    change(&mut card);
    Scorecard::parse("2026-11", &card.to_string()).unwrap_err().to_string()
}

fn bin(card: &mut Value, characteristic: usize, bin: usize) -> &mut Value {
    &mut card["characteristics"][characteristic]["bins"][bin]
}

#[test]
fn a_gap_or_an_overlap_is_refused() {
    let before = "scorecard 2026-11: characteristics[0].bins";
    assert_eq!(
        refusal(|card| bin(card, 0, 1)["below"] = json!(6)),
        format!("{before}[1].below: must be more than 6, where the bin before ends")
    );
    assert_eq!(
        refusal(|card| drop(bin(card, 0, 1).as_object_mut().unwrap().remove("below"))),
        format!("{before}[1].below: is missing: only the last bin has no end")
    );
    assert_eq!(
        refusal(|card| bin(card, 0, 3)["below"] = json!(48)),
        format!("{before}[3].below: must be left out: the last bin has no end")
    );
}

#[test]
fn points_against_the_declared_trend_are_refused() {
    assert_eq!(
        refusal(|card| bin(card, 0, 2)["woe"] = json!(-0.3)),
        "scorecard 2026-11: characteristics[0].bins[2].woe: 45 points after 48, and the trend is rising"
    );
    assert_eq!(
        refusal(|card| bin(card, 3, 1)["woe"] = json!(0.9)),
        "scorecard 2026-11: characteristics[3].bins[1].woe: 80 points after 70, and the trend is falling"
    );
}

#[test]
fn a_range_that_is_not_the_sum_is_refused() {
    let lowest = refusal(|card| card["range"]["lowest"] = json!(300));
    assert_eq!(lowest, "scorecard 2026-11: range.lowest: must be 322, all worst bins together");
    let highest = refusal(|card| card["range"]["highest"] = json!(850));
    assert_eq!(highest, "scorecard 2026-11: range.highest: must be 708, all best bins together");
}

#[test]
fn bands_with_a_hole_are_refused() {
    let bands = refusal(|card| card["bands"][1]["from"] = json!(660));
    assert!(
        bands.starts_with("scorecard 2026-11: bands[1].from: must lie between 322 and 659"),
        "{bands}"
    );
    let last = refusal(|card| card["bands"][4]["from"] = json!(330));
    assert_eq!(last, "scorecard 2026-11: bands: the last must begin at 322, the lowest score");
}

#[test]
fn points_that_machines_might_round_differently_are_refused() {
    let tie = refusal(|card| {
        card["scale"] = json!({"pointsToDoubleOdds": 20, "score": 1, "odds": 1});
        card["intercept"] = json!(0);
        card["characteristics"].as_array_mut().unwrap().truncate(2);
        bin(card, 0, 0)["woe"] = json!(0);
    });
    assert!(tie.contains("characteristics[0].bins[0].woe: 0.5 points are as near"), "{tie}");
}

#[test]
fn a_sentence_that_is_missing_or_empty_is_refused() {
    let empty = refusal(|card| bin(card, 2, 0)["words"]["sv"] = json!(" "));
    assert!(
        empty.starts_with(
            "scorecard 2026-11: characteristics[2].bins[0].words.sv: must be a sentence"
        ),
        "{empty}"
    );
    let missing = refusal(|card| {
        drop(card["characteristics"][1]["reason"].as_object_mut().unwrap().remove("de"))
    });
    assert!(
        missing.starts_with("scorecard 2026-11: characteristics[1].reason: missing field `de`"),
        "{missing}"
    );
}

#[test]
fn names_and_codes_are_there_once() {
    assert!(
        refusal(|card| card["characteristics"][1]["code"] = json!("CR-001"))
            .contains("code: CR-001 is there twice")
    );
    assert!(
        refusal(|card| card["characteristics"][1]["name"] = json!("months-of-history"))
            .contains("is there twice")
    );
    assert!(
        refusal(|card| bin(card, 0, 1)["name"] = json!("under-6"))
            .contains("characteristics[0].bins.name: under-6 is there twice")
    );
    assert!(
        refusal(|card| card["characteristics"][1]["code"] = json!("R2"))
            .contains("must be CR- and three digits")
    );
    assert!(
        refusal(|card| card["characteristics"][1]["name"] = json!("postcode"))
            .contains("characteristics[1].name")
    );
    assert!(
        refusal(|card| card["version"] = json!("2026-12")).contains("version: must be 2026-11")
    );
    assert!(
        refusal(|card| card["characteristics"] = json!([]))
            .contains("characteristics: must not be empty")
    );
    assert!(refusal(|card| card["colour"] = json!("red")).contains("unknown field `colour`"));
}
