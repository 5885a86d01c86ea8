//! What deployments and incidents should not be and sometimes are.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::repository::Repository;

const JANUARY: [&str; 4] = ["--since", "2026-01-01", "--until", "2026-01-31"];

/// One app with one commit.
fn cakes() -> (Repository, String) {
    let mut repository = Repository::new();
    let sha = repository.commit("2026-01-05T10:00:00Z", "functions/cakes/oven.rs", "// Oven.");
    (repository, sha)
}

fn notes(report: &Value) -> String {
    let notes = report["notes"].as_array().unwrap().iter();
    notes.map(|note| note.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_at_all_is_no_error() {
    let report = Repository::new().report(&JANUARY);
    assert_eq!(report["apps"], json!([]));
    assert_eq!(report["overall"]["deploymentFrequency"]["bucket"], "none");
    assert!(notes(&report).contains("no deployments.jsonl here"), "{report}");
}

#[test]
fn every_malformed_line_is_named_with_its_number() {
    let (mut repository, sha) = cakes();
    let right = |more: Value| {
        let mut line = json!({
            "app": "cakes", "environment": "production", "sha": sha, "started": "2026-01-05T11:00:00Z",
            "finished": "2026-01-05T11:05:00Z", "result": "succeeded",
        });
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line.to_string()
    };
    for line in [
        right(json!({})),
        "{".to_owned(),
        String::new(),
        right(json!({ "started": "2026-01-05 11:00" })),
        right(json!({ "sha": "main" })),
        right(json!({ "result": "perhaps" })),
        right(json!({ "app": 7 })),
        right(json!({ "finished": null })),
        "[]".to_owned(),
    ] {
        repository.line(&line);
    }
    let said = repository.refusal(&JANUARY);
    for number in [2, 4, 5, 6, 7, 8, 9] {
        assert!(said.contains(&format!("deployments.jsonl:{number}: ")), "{number}: {said}");
    }
    assert!(
        !said.contains("deployments.jsonl:1:") && !said.contains("deployments.jsonl:3:"),
        "{said}"
    );
}

#[test]
fn an_incident_that_cannot_be_read_is_named() {
    let (repository, _) = cakes();
    repository.incident("fine", "opened: 2026-01-05T12:00:00Z");
    repository.incident("odd", "opened: 2026-01-05T12:00:00Z\ncaused-by: abcdef1");
    repository.write("incidents/README.md", "How to write one.");
    let said = repository.refusal(&JANUARY);
    assert!(said.contains("incidents/odd.md:3: `caused-by` is spelt `causedBy`"), "{said}");
    assert!(!said.contains("fine") && !said.contains("README"), "{said}");
}

#[test]
fn a_commit_that_is_not_here_counts_and_is_named() {
    let (mut repository, sha) = cakes();
    let stranger = "00000000000000000000000000000000000000aa";
    repository.deployed("cakes", &sha, "2026-01-05T12:00:00Z", "succeeded");
    repository.deployed("cakes", stranger, "2026-01-06T12:00:00Z", "succeeded");
    repository.incident(
        "odd",
        &format!(
            "opened: 2026-01-06T13:00:00Z\nresolved: 2026-01-06T14:00:00Z\ncausedBy: {stranger}"
        ),
    );
    let report = repository.report(&JANUARY);
    let app = &report["apps"][0];
    assert_eq!(app["deploymentFrequency"]["deployments"], 2);
    assert_eq!(app["leadTime"]["n"], 1);
    assert_eq!(app["changeFailureRate"]["failed"], 1);
    assert!(notes(&report).contains("00aa is not in this history"), "{report}");
}

#[test]
fn a_clock_that_goes_wrong_is_named_and_gives_no_lead_time() {
    let (mut repository, sha) = cakes();
    repository.deployed("cakes", &sha, "2026-01-05T09:00:00Z", "succeeded");
    let report = repository.report(&JANUARY);
    let lead = &report["apps"][0]["leadTime"];
    assert_eq!((&lead["n"], &lead["ignored"]), (&json!(0), &json!(1)));
    assert!(notes(&report).contains("by a wrong clock"), "{report}");
}

#[test]
fn what_never_finished_and_what_is_there_twice() {
    let (mut repository, sha) = cakes();
    let begun = |started: &str| {
        json!({ "app": "cakes", "environment": "production", "sha": sha, "started": started })
            .to_string()
    };
    // Its end comes with a second line; the other has none.
    repository.line(&begun("2026-01-05T11:55:00Z"));
    repository.deployed("cakes", &sha, "2026-01-05T12:00:00Z", "succeeded");
    repository.deployed("cakes", &sha, "2026-01-05T12:00:00Z", "succeeded");
    repository.line(&begun("2026-01-05T14:00:00Z"));
    let report = repository.report(&JANUARY);
    let frequency = &report["apps"][0]["deploymentFrequency"];
    assert_eq!(frequency["deployments"], 1);
    assert_eq!(frequency["redeployments"], 0, "the same line twice is one deployment");
    assert_eq!(frequency["unfinishedDeployments"], 1);
    assert!(notes(&report).contains("deployments.jsonl:3: the same as a line before"), "{report}");
    assert!(notes(&report).contains("never finished"), "{report}");
}

#[test]
fn regions_get_one_release_one_after_the_other() {
    let (mut repository, sha) = cakes();
    for (region, finished) in [("west", "2026-01-05T12:00:00Z"), ("east", "2026-01-05T13:00:00Z")] {
        let line = json!({
            "app": "cakes", "environment": "production", "region": region, "sha": sha, "started": "2026-01-05T11:00:00Z",
            "finished": finished, "result": "succeeded",
        });
        repository.line(&line.to_string());
    }
    let app = &repository.report(&JANUARY)["apps"][0];
    assert_eq!(app["deploymentFrequency"]["deployments"], 1);
    assert_eq!(app["leadTime"]["p50Seconds"], json!(7_200.0));
}

#[test]
fn other_environments_do_not_count() {
    let (mut repository, sha) = cakes();
    repository.line(
        &json!({
            "app": "cakes", "environment": "dev", "sha": sha, "started": "2026-01-05T11:00:00Z",
            "finished": "2026-01-05T11:10:00Z", "result": "succeeded",
        })
        .to_string(),
    );
    let of = |more: &[&str]| {
        repository.report(&[&JANUARY, more].concat())["overall"]["deploymentFrequency"]["deployments"].clone()
    };
    assert_eq!(of(&[]), json!(0));
    assert_eq!(of(&["--environment", "dev"]), json!(1));
}

#[test]
fn an_older_commit_that_was_never_deployed_brings_nothing_new() {
    let (mut repository, first) = cakes();
    let second = repository.commit("2026-01-06T10:00:00Z", "functions/cakes/glaze.rs", "// Glaze.");
    repository.deployed("cakes", &second, "2026-01-06T12:00:00Z", "succeeded");
    repository.deployed("cakes", &first, "2026-01-06T14:00:00Z", "succeeded");
    let app = &repository.report(&JANUARY)["apps"][0];
    assert_eq!(app["deploymentFrequency"]["deployments"], 1);
    assert_eq!(app["deploymentFrequency"]["rollBacks"], 1);
    assert_eq!(app["leadTime"]["n"], 2, "both commits came with the first deployment");
}

#[test]
fn an_incident_hits_the_app_whose_files_its_cause_changed() {
    let mut repository = Repository::new();
    let cakes = repository.commit("2026-01-05T10:00:00Z", "functions/cakes/oven.rs", "// Oven.");
    let tea = repository.commit("2026-01-05T11:00:00Z", "functions/tea/pot.rs", "// Pot.");
    for app in ["cakes", "tea"] {
        repository.deployed(app, &tea, "2026-01-05T12:00:00Z", "succeeded");
    }
    repository.incident(
        "cold",
        &format!("opened: 2026-01-05T11:30:00Z\nresolved: 2026-01-05T13:00:00Z\ncausedBy: {tea}"),
    );
    repository.incident("lost", "opened: 2026-01-05T11:30:00Z");
    repository.incident("never", "opened: 2026-01-05T11:30:00Z\ncausedBy: 00000000000000aa");
    let report = repository.report(&JANUARY);
    let rate = |index: usize| report["apps"][index]["changeFailureRate"]["failed"].clone();
    assert_eq!((rate(0), rate(1)), (json!(0), json!(1)), "{report}");
    assert_eq!(report["apps"][0]["leadTime"]["n"], 1, "{cakes} is of cakes only");
    let tea = &report["apps"][1];
    assert_eq!(tea["timeToDetect"]["n"], 0, "it was opened before the deployment finished");
    assert_eq!(tea["failedDeploymentRecovery"]["p50Seconds"], json!(3_600.0));
    let notes = notes(&report);
    for note in ["cold.md: opened before", "lost.md: no causedBy", "never.md: no deployment had"] {
        assert!(notes.contains(note), "{note}: {notes}");
    }
}
