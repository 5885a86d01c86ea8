//! `cargo xtask bench`: its document says what was measured, and nothing that is missed goes without a reason.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const RESULTS: &str = "docs/benchmarks/results.json";
const TARGETS: &str = "docs/benchmarks/targets.json";
const DOCUMENT: &str = "docs/benchmarks.md";

fn bench(workspace: &Path, wish: &str) -> Output {
    let xtask = env!("CARGO_BIN_EXE_xtask");
    Command::new(xtask).arg("--workspace").arg(workspace).args(["bench", wish]).output().unwrap()
}

fn wrong(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A workspace in which one figure was measured, which is to be at most 5.
fn measured(first_answer_ms: f64, why: Option<&str>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("docs/benchmarks")).unwrap();
    let one = |value: f64| json!({ "median": value, "low": value / 2.0, "high": value * 2.0, "rounds": 3 });
    let figure = json!({
        "key": "first-health-p95", "name": "first answer", "unit": "ms", "better": "lower",
        "of": { "ours": one(first_answer_ms), "node": one(800.0) },
    });
    let machine = json!({
        "processor": "Abacus 3", "cores": 2, "memoryGib": 8.0, "kernel": "linux 6.1", "busyBeforePercent": 40.0,
    });
    let part = json!({
        "measured": {
            "date": "2026-01-02", "commit": "abcdef0123", "changed": false, "quick": true, "build": "release",
            "tookS": 9, "machine": machine,
        },
        "versions": { "node": "20.1.0" }, "figures": [figure], "notes": ["By hand."],
    });
    let target = json!({
        "what": "first answer", "unit": "ms", "value": "handlers/first-health-p95/ours", "bound": "at most",
        "asked": 5.0, "why": why,
    });
    write(folder.path(), RESULTS, &json!({ "parts": { "handlers": part } }));
    write(folder.path(), TARGETS, &json!({ "targets": [target] }));
    folder
}

fn write(folder: &Path, name: &str, value: &Value) {
    fs::write(folder.join(name), value.to_string()).unwrap();
}

fn document(folder: &Path) -> String {
    assert!(bench(folder, "--render").status.success());
    fs::read_to_string(folder.join(DOCUMENT)).unwrap()
}

#[test]
fn the_document_of_this_workspace_says_what_was_measured_and_why_targets_are_missed() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let output = bench(workspace, "--check");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_figure_is_shown_with_its_rounds_and_beside_the_peer() {
    let folder = measured(4.5, None);
    let text = document(folder.path());
    let row = "| first answer, ms | 4.5 (2.25–9) | 800 (400–1,600) | 178 × |";
    assert!(text.contains(row), "{text}");
    assert!(text.contains("| first answer | ≤ 5 ms | 4.5 (2.25–9) | yes |  |"), "{text}");
    let circumstances = "2026-01-02, commit `abcdef0123`, release; 2 × Abacus 3, 8 GiB, linux 6.1, **40 % busy before it \
                         began: an impression**; 9 s, **a short run: an impression**. Beside: node 20.1.0.";
    assert!(text.contains(circumstances), "{text}");
    assert!(bench(folder.path(), "--check").status.success());
}

#[test]
fn a_chart_has_a_bar_for_each_contender_and_says_itself_in_words() {
    let folder = measured(4.5, None);
    document(folder.path());
    let svg = fs::read_to_string(folder.path().join("docs/benchmarks/first-answers.svg")).unwrap();
    assert!(svg.contains("first answer, ms: ours 4.5; Node 800.</desc>"), "{svg}");
    assert_eq!(svg.matches("<rect class=\"ours\"").count(), 1);
    assert_eq!(svg.matches("<rect class=\"peer\"").count(), 1);
}

#[test]
fn a_missed_target_needs_a_reason() {
    let folder = measured(7.0, None);
    document(folder.path());
    let expected =
        "docs/benchmarks/targets.json: \"first answer\" is not reached: say why in `why`";
    let said = wrong(&bench(folder.path(), "--check"));
    assert!(said.contains(expected), "{said}");
}

#[test]
fn a_reason_is_shown_when_the_target_is_missed_and_only_then() {
    let why = "the disk is slow";
    let (missed, reached) = (measured(7.0, Some(why)), measured(4.0, Some(why)));
    let row = "| first answer | ≤ 5 ms | 7 (3.5–14) | **no** | the disk is slow |";
    assert!(document(missed.path()).contains(row));
    assert!(bench(missed.path(), "--check").status.success());
    assert!(!document(reached.path()).contains(why));
}

#[test]
fn a_document_that_somebody_changed_is_found() {
    let folder = measured(4.5, None);
    let text = document(folder.path());
    fs::write(folder.path().join(DOCUMENT), text.replace("4.5", "0.5")).unwrap();
    let said = wrong(&bench(folder.path(), "--check"));
    let expected = "docs/benchmarks.md is not what docs/benchmarks/results.json says: cargo xtask bench --render";
    assert!(said.contains(expected), "{said}");
}
