//! Results that must be the same for ever, on every machine and in every build: `bench/credit/simulation.rs` holds a release
//! build against the same file.

use crate::domain::{History, Scored, Seed, Simulation};
use crate::people::{NAMES, person};
use pretty_assertions::assert_eq;
use scorecard::{Activity, Scorecard};
use serde_json::{Value, json};

const GOLDEN: &str = include_str!("../../tests/people/golden.json");
const PATHS: u32 = 2_000;

fn result(activity: &Activity, version: &str) -> Value {
    let card = Scorecard::of_version(version).unwrap();
    let (history, months_seen) = History::of(activity);
    let history = match history {
        Ok(history) => history,
        Err(reason) => return json!({ "reason": reason, "monthsSeen": months_seen }),
    };
    let (seed, simulation) = (Seed::of(activity, card, PATHS), Simulation::of(&history));
    let shortfalls = (0..PATHS.div_ceil(256)).map(|block| {
        u64::from(simulation.shortfalls(seed.0, block, (PATHS - block * 256).min(256)))
    });
    let scored = Scored::of(card, &history, months_seen, seed, (shortfalls.sum(), PATHS)).unwrap();
    serde_json::to_value(scored).unwrap()
}

#[test]
fn seven_people_have_their_results_for_ever() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let results: serde_json::Map<String, Value> = NAMES
        .iter()
        .flat_map(|name| ["2026-05", "2026-11"].map(|version| (name, version)))
        .map(|(name, version)| (format!("{name} {version}"), result(&person(name), version)))
        .collect();
    let written = serde_json::to_string_pretty(&results).unwrap();
    assert_eq!(Value::Object(results), golden, "{written}");
}

#[test]
fn a_result_is_the_same_bytes_and_in_the_order_of_its_fields() {
    let text = |value: &Scored| serde_json::to_string(value).unwrap();
    let activity = person("salaried");
    let card = Scorecard::current();
    let (history, months) = History::of(&activity);
    let seed = Seed::of(&activity, card, PATHS);
    let scored = || Scored::of(card, history.as_ref().unwrap(), months, seed, (3, PATHS)).unwrap();
    assert_eq!(text(&scored()), text(&scored()));
    let written = text(&scored());
    assert!(written.starts_with(r#"{"scorecard":"2026-11","score":"#), "{written}");
    assert!(written.contains(r#","bins":{"months-of-history":"#), "{written}");
}

#[test]
fn what_a_seed_is_made_of_is_in_it() {
    let (activity, other) = (person("salaried"), person("saver"));
    let (new, old) = (Scorecard::current(), Scorecard::of_version("2026-05").unwrap());
    let seed = Seed::of(&activity, new, 1_000);
    assert_eq!(seed, Seed::of(&activity, new, 1_000));
    assert_ne!(seed, Seed::of(&other, new, 1_000));
    assert_ne!(seed, Seed::of(&activity, old, 1_000));
    assert_ne!(seed, Seed::of(&activity, new, 1_001));
}
