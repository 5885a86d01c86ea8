//! Whatever the schemas: what an old one took and a new one refuses is said to break, and another way to write the same is
//! no change. `IOMMI_SEED=42` repeats a run.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests: what fails, fails them")]

mod random_schemas;

use std::cell::Cell;

use contract_diff::{Change, Document, Options, Severity, compare};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use random_schemas::{instance, mutated, rewritten, schema};

const CASES: u32 = 600;
const INSTANCES: usize = 12;

fn runner(test: &str) -> TestRunner {
    let seed = std::env::var("IOMMI_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(rand::random);
    println!("{test}: IOMMI_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// A document in which clients send the schema and get it.
fn document(name: &str, schema: &Value) -> Document {
    let content = json!({ "application/json": { "schema": schema } });
    let operation = json!({
        "requestBody": { "required": true, "content": content },
        "responses": { "200": { "description": "It.", "content": content } },
    });
    let document =
        json!({ "openapi": "3.1.0", "info": {}, "paths": { "/it": { "put": operation } } });
    // References in it are to its own `$defs`.
    let text = document.to_string().replace(
        "#/$defs/",
        "#/paths/~1it/put/requestBody/content/application~1json/schema/$defs/",
    );
    Document::openapi(name, &text).unwrap()
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    compare(&document("old", old), &document("new", new), &Options::default()).unwrap()
}

fn breaks(changes: &[Change], prefix: &str) -> bool {
    let told = |change: &Change| {
        change.severity == Severity::Breaking
            || (change.severity == Severity::Warning && change.rule.ends_with("variants-overlap"))
    };
    changes.iter().any(|change| change.rule.starts_with(prefix) && told(change))
}

#[test]
fn what_was_taken_and_is_refused_is_said_to_break() {
    let strategy = (schema(), any::<u64>());
    let (lost, tried) = (Cell::new(0_usize), Cell::new(0_usize));
    let test = |(old, seed): (Value, u64)| {
        let mut random = StdRng::seed_from_u64(seed);
        let new = mutated(&old, &mut random);
        let (is_old, is_new) =
            (jsonschema::validator_for(&old).unwrap(), jsonschema::validator_for(&new).unwrap());
        let changes = changes(&old, &new);
        for _ in 0..INSTANCES {
            let value = instance(&old, &mut random);
            tried.set(tried.get() + usize::from(is_old.is_valid(&value)));
            if is_old.is_valid(&value) && !is_new.is_valid(&value) {
                lost.set(lost.get() + 1);
                let told = breaks(&changes, "request");
                prop_assert!(told, "{value} was taken\nold {old}\nnew {new}\n{changes:#?}");
            }
            let value = instance(&new, &mut random);
            if is_new.is_valid(&value) && !is_old.is_valid(&value) {
                let only_more = changes.iter().any(|change| {
                    change.rule == "response-property-added"
                        || change.rule == "response-additional-properties-opened"
                });
                let told = only_more || breaks(&changes, "response");
                prop_assert!(told, "{value} may come\nold {old}\nnew {new}\n{changes:#?}");
            }
        }
        Ok(())
    };
    runner("refused").run(&strategy, test).unwrap();
    let (lost, tried) = (lost.get(), tried.get());
    assert!(
        lost > 100 && tried > 1_000,
        "{lost} values were refused of {tried}: the schemas say too little"
    );
}

#[test]
fn another_way_to_write_the_same_is_no_change() {
    let test = |(old, seed): (Value, u64)| {
        let new = rewritten(&old, &mut StdRng::seed_from_u64(seed));
        for (before, now) in [(&old, &new), (&new, &old)] {
            let changes = changes(before, now);
            prop_assert!(changes.is_empty(), "old {before}\nnew {now}\n{changes:#?}");
        }
        Ok(())
    };
    runner("rewritten").run(&(schema(), any::<u64>()), test).unwrap();
}
