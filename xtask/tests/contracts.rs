//! Pairs of contracts and what is said of them: `contracts/<case>/{old,new}.yaml`, `expected` a line for each severity and
//! rule.

#![allow(clippy::unwrap_used, reason = "tests: what fails, fails them")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use contract_diff::{Document, Options, compare};

const FEWEST: usize = 60;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contracts");
    let mut cases: Vec<_> =
        fs::read_dir(folder).unwrap().map(|case| case.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= FEWEST, "{} cases", cases.len());
    cases
}

#[test]
fn each_pair_is_judged_as_its_case_says() {
    let options = Options { today: "2026-06-01".parse().unwrap() };
    let mut wrong = Vec::new();
    for case in cases() {
        let read = |name: &str| {
            let text = fs::read_to_string(case.join(name)).unwrap();
            Document::read(name, &text)
                .unwrap_or_else(|error| panic!("{}: {error}", case.display()))
        };
        let changes = compare(&read("old.yaml"), &read("new.yaml"), &options).unwrap();
        let found: BTreeSet<String> =
            changes.iter().map(|change| format!("{} {}", change.severity, change.rule)).collect();
        let expected = fs::read_to_string(case.join("expected")).unwrap();
        let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
        if found != expected {
            let said: Vec<_> = changes.iter().map(ToString::to_string).collect();
            wrong.push(format!("{}: expected {expected:?}, found\n{said:#?}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_documents_name_every_rule_and_no_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let told = fs::read_to_string(root.join("docs/contracts.md")).unwrap();
    for rule in contract_diff::RULES.iter().copied().flatten() {
        let line = format!("| `{}` | {} | {} |", rule.id, rule.severity, rule.why);
        assert!(told.contains(&line), "docs/contracts.md lacks {line}");
    }
    let lines =
        told.lines().filter(|line| line.starts_with("| `") && line.matches(" | ").count() == 2);
    let known: usize = contract_diff::RULES.iter().map(|rules| rules.len()).sum();
    assert_eq!(lines.count(), known, "docs/contracts.md has rules that are none");
}
