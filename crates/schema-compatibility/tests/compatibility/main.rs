//! Pairs of schemas and what is said of them, in both forms; a history; and what holds whatever the schemas.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests: what fails, fails them")]

mod avro;
mod five_versions;
mod history;
mod json;
mod properties;
mod refusals;

use schema_compatibility::{Mode, Schema, check};

/// A pair of schemas, and what cannot be read, as `rule path`.
struct Case {
    what: &'static str,
    old: &'static str,
    new: &'static str,
    backward: &'static [&'static str],
    forward: &'static [&'static str],
}

/// Holds all cases against what they say, and fails with all that are wrong.
fn judge(cases: &[Case], read: fn(&str, &str) -> Schema) {
    let mut wrong = Vec::new();
    for case in cases {
        let (old, new) = (read("old", case.old), read("new", case.new));
        for (mode, expected) in [(Mode::Backward, case.backward), (Mode::Forward, case.forward)] {
            let found = said(mode, &old, &new);
            if found != expected {
                wrong
                    .push(format!("{}, {mode}: expected {expected:?}, found {found:?}", case.what));
            }
        }
    }
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}

fn said(mode: Mode, old: &Schema, new: &Schema) -> Vec<String> {
    let findings = check(mode, old, new);
    findings.iter().map(|finding| format!("{} {}", finding.rule, finding.path)).collect()
}

fn json(name: &str, text: &str) -> Schema {
    Schema::json(name, text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn avro(name: &str, text: &str) -> Schema {
    Schema::avro(name, text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
