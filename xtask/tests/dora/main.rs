//! `cargo xtask dora` over repositories that are made here, with figures worked out by hand.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod boundaries;
mod repository;

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use repository::Repository;

const HOUR: u64 = 3_600;

/// Ten days of one app: three releases, one of them brought twice, a roll-back, a failure, and two incidents.
fn ten_days() -> Repository {
    let mut repository = Repository::new();
    let contract = "openapi: 3.1.0\npaths: { '/v1/cakes/{id}': { get: { responses: {} } } }\n";
    repository.commit("2026-01-01T10:00:00Z", "functions/cakes/openapi.yaml", contract);
    let function = r#"{"bindings": [{"type": "httpTrigger", "route": "v1/cakes/{cakeId:guid}", "methods": ["get"]}]}"#;
    let first = repository.commit(
        "2026-01-03T10:00:00Z",
        "functions/cakes/src/functions/cake/function.json",
        function,
    );
    let (branch, merge) =
        repository.merge("2026-01-04T10:00:00Z", "2026-01-06T10:00:00Z", "functions/cakes/oven.rs");
    repository.commit("2026-01-07T10:00:00Z", "docs/cakes.md", "Cakes.");
    let last = repository.commit("2026-01-08T10:00:00Z", "functions/cakes/glaze.rs", "// Glaze.");
    repository.deployed("cakes", &first, "2026-01-03T12:00:00Z", "succeeded");
    repository.deployed("cakes", &merge, "2026-01-06T12:00:00Z", "succeeded");
    repository.deployed("cakes", &merge, "2026-01-06T15:00:00Z", "succeeded");
    repository.deployed("cakes", &last, "2026-01-08T10:10:00Z", "failed");
    repository.deployed("cakes", &last, "2026-01-08T12:00:00+01:00", "succeeded");
    repository.deployed("cakes", &merge, "2026-01-09T10:00:00Z", "succeeded");
    repository.incident(
        "burnt",
        &format!(
            "opened: 2026-01-06T13:00:00Z\nresolved: 2026-01-06T16:00:00Z\ncausedBy: {branch}"
        ),
    );
    repository.incident(
        "raw",
        &format!("opened: 2026-01-06T14:00:00Z\nresolved:\ncausedBy: {}", &merge[..10]),
    );
    repository
}

fn sample(n: u64, p50: u64, p90: u64) -> Value {
    let (p50, p90) = ((p50 as f64), (p90 as f64));
    json!({ "n": n, "p50Seconds": p50, "p90Seconds": p90 })
}

#[test]
fn the_figures_are_those_worked_out_by_hand() {
    let report = ten_days().report(&["--since", "2026-01-01", "--until", "2026-01-11"]);
    let app = &report["apps"][0];
    assert_eq!(app["app"], "cakes");
    assert_eq!(
        app["deploymentFrequency"],
        json!({
            "bucket": "weekly", "deploymentDays": 3, "weeks": [1, 2], "medianDaysPerWeek": 1.5, "deployments": 3,
            "redeployments": 1, "rollBacks": 1, "failedDeployments": 1, "unfinishedDeployments": 0,
        })
    );
    // 1, 2, 2 and 50 hours; nine tenths of the way are 0.7 from the third to the fourth.
    let mut lead = sample(4, 2 * HOUR, 2 * HOUR + 48 * HOUR * 7 / 10);
    lead["ignored"] = json!(0);
    assert_eq!(app["leadTime"], lead);
    // 1, 2, 50 and 50: what was merged was first written two days before.
    assert_eq!(app["leadTimeFromFirstAuthored"], sample(4, 26 * HOUR, 50 * HOUR));
    assert_eq!(app["changeFailureRate"], json!({ "n": 3, "failed": 1, "rate": 1.0 / 3.0 }));
    let mut recovery = sample(1, 4 * HOUR, 4 * HOUR);
    recovery["unresolved"] = json!(1);
    assert_eq!(app["failedDeploymentRecovery"], recovery);
    assert_eq!(app["timeToDetect"], sample(2, HOUR * 3 / 2, HOUR * 19 / 10));
    let idea = &app["ideaToCode"];
    assert_eq!(idea["ideaToCode"], sample(1, 48 * HOUR, 48 * HOUR));
    assert_eq!(idea["codeToProduction"], sample(1, 2 * HOUR, 2 * HOUR));
    assert_eq!(idea["ideaToProduction"], sample(1, 50 * HOUR, 50 * HOUR));
    let without_name = |mut value: Value| {
        value.as_object_mut().unwrap().retain(|key, _| key != "app" && key != "paths");
        value
    };
    assert_eq!(report["overall"], without_name(app.clone()), "one app is all apps");
}

#[test]
fn a_time_without_deployments_has_no_figures_and_is_no_error() {
    let report = ten_days().report(&["--since", "2026-02-01", "--until", "2026-02-28"]);
    let app = &report["apps"][0];
    assert_eq!(app["deploymentFrequency"]["bucket"], "none");
    assert_eq!(app["leadTime"]["p50Seconds"], Value::Null);
    assert_eq!(app["changeFailureRate"], json!({ "n": 0, "failed": 0, "rate": null }));
}

#[test]
fn what_was_deployed_before_the_time_is_not_new_in_it() {
    let report = ten_days().report(&["--since", "2026-01-07", "--until", "2026-01-11"]);
    let app = &report["apps"][0];
    assert_eq!(app["leadTime"]["n"], 1, "only the last commit came in it");
    assert_eq!(app["leadTime"]["p50Seconds"], json!(HOUR as f64));
    assert_eq!(app["deploymentFrequency"]["deployments"], 1);
}

#[test]
fn the_branch_deployments_is_read_where_there_is_no_file() {
    let repository = ten_days();
    repository.deployments_to_branch();
    let report = repository.report(&["--since", "2026-01-01", "--until", "2026-01-11"]);
    assert_eq!(report["apps"][0]["deploymentFrequency"]["deployments"], 3);
}

#[test]
fn the_picture_stands_alone_and_says_what_it_shows() {
    let repository = ten_days();
    let file = repository.path("dora.svg");
    repository.run(&[
        "--since",
        "2026-01-01",
        "--until",
        "2026-01-11",
        "--svg",
        file.to_str().unwrap(),
    ]);
    let svg = std::fs::read_to_string(file).unwrap();
    assert!(
        svg.starts_with("<svg ")
            && svg.contains("role=\"img\"")
            && svg.contains("prefers-color-scheme"),
        "{svg}"
    );
    assert!(svg.contains("cakes: deployed weekly, 3 times; lead time 2.0 h"), "{svg}");
    assert!(!svg.contains("<script") && !svg.contains("href"), "{svg}");
}

/// A quarter of three apps: one that ships most days, one that ships each week and burns something, and one that begins.
fn a_quarter() -> Repository {
    let mut repository = Repository::new();
    for (app, every, offset) in [("cakes", 2, 0), ("tea", 7, 1), ("vouchers", 30, 2)] {
        let contract = "openapi: 3.1.0\npaths: { /v1/it: { get: {} } }\n";
        repository.commit(
            "2026-01-02T09:00:00Z",
            &format!("functions/{app}/openapi.yaml"),
            contract,
        );
        let function =
            r#"{"bindings": [{"type": "httpTrigger", "route": "v1/it", "methods": ["get"]}]}"#;
        let first = format!("2026-01-0{}T09:00:00Z", 3 + offset);
        repository.commit(
            &first,
            &format!("functions/{app}/src/functions/it/function.json"),
            function,
        );
        let begin: jiff::Timestamp = first.parse().unwrap();
        for step in 0..(84 / every) {
            let time =
                begin.checked_add(jiff::SignedDuration::from_hours(24 * every * step)).unwrap();
            let sha = repository.commit(
                &time.to_string(),
                &format!("functions/{app}/{step}.rs"),
                "// More.",
            );
            let after = |hours: i64| {
                time.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap().to_string()
            };
            repository.deployed(app, &sha, &after(2 + step % 5), "succeeded");
            if app == "tea" && step % 4 == 1 {
                let (opened, resolved) = (after(9), after(12 + step));
                repository.incident(
                    &format!("{app}-{step}"),
                    &format!("opened: {opened}\nresolved: {resolved}\ncausedBy: {sha}"),
                );
            }
        }
    }
    repository
}

#[test]
fn the_picture_of_the_documents_is_the_one_that_is_drawn() {
    let repository = a_quarter();
    let file = repository.path("dora.svg");
    repository.run(&[
        "--since",
        "2026-01-01",
        "--until",
        "2026-03-31",
        "--svg",
        file.to_str().unwrap(),
    ]);
    let drawn = std::fs::read_to_string(file).unwrap();
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/pictures/dora.svg");
    if std::env::var_os("DRAW_DORA").is_some() {
        std::fs::write(&kept, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(kept).unwrap_or_default();
    assert!(kept == drawn, "docs/pictures/dora.svg is another: DRAW_DORA=1 draws it again");
}
