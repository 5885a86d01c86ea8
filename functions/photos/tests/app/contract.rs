//! The contract and the code say the same.

use crate::support::{TestApp, contract};
use contract_check::code;
use pretty_assertions::assert_eq;
use reqwest::Method;
use std::{fs, path::Path};

#[test]
fn every_route_is_in_the_contract_and_the_reverse() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    // The pages of the console are for people: docs/moderation.md.
    assert_eq!(code::routes(&source, |name| !name.starts_with("console")), contract().routes());
}

#[test]
fn the_contract_explains_every_kind_of_problem_and_no_other() {
    let mut made = code::problems(&[
        include_str!("../../src/problems.rs"),
        include_str!("../../../../crates/iommi-app/src/health.rs"),
        include_str!("../../../../crates/iommi-app/src/principal.rs"),
        include_str!("../../../../crates/iommi-app/src/form_key.rs"),
    ]);
    made.extend(custom_handler::slug::ALL.iter().map(|slug| (*slug).to_owned()));
    assert_eq!(contract().problems(), made);
}

#[test]
fn the_examples_of_the_contract_keep_the_contract() {
    contract().check_examples();
}

#[tokio::test]
async fn the_contract_is_served_and_can_be_read_as_a_page() {
    let app = TestApp::start().await;
    let yaml = app.get("/v1/photos/openapi.yaml").await.expect(200);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.yaml");
    assert_eq!(yaml.body, fs::read(file).unwrap());
    let page = app.get("/v1/photos/docs").await.expect(200);
    let page = String::from_utf8(page.body).unwrap();
    for part in ["Ask for an upload ticket", "id=\"no-such-photo\"", "/v1/photos/{photoId}/appeal"]
    {
        assert!(page.contains(part), "{part}");
    }
}

#[tokio::test]
async fn health_tells_each_dependency_and_its_latency() {
    let app = TestApp::start().await;
    let live = app.get("/v1/photos/health/live").await.expect(200).json();
    assert_eq!(live, serde_json::json!({"status": "live"}));
    let ready = app.get("/v1/photos/health/ready").await.expect(200).json();
    let names: Vec<_> =
        ready["dependencies"].as_array().unwrap().iter().map(|d| &d["name"]).collect();
    assert_eq!(names, ["cosmosDb", "storage"]);
    app.get("/v1/photos/health/happy").await.refused(400, "invalid-parameter", &["probe"]);
}

#[tokio::test]
async fn what_no_route_takes_is_a_problem_wherever_it_lies() {
    let app = TestApp::start().await;
    for path in ["/v1/photos/a/b/c", "/moderation/v2/cases", "/v1/profiles/a/photos/b"] {
        let answer = app.request(Method::GET, path).raw().await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "not-found"), "{path}");
    }
    for path in ["/v1/photos/a", "/moderation/v1/cases", "/v1/profiles/a/photos"] {
        let answer = app.request(Method::PATCH, path).raw().await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (405, "method-not-allowed"),
            "{path}"
        );
    }
}
