//! The contract and the code say the same.

use crate::support::{TestApp, contract};
use contract_check::code;
use pretty_assertions::assert_eq;
use std::{fs, path::Path};

#[test]
fn every_route_is_in_the_contract_and_the_reverse() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    assert_eq!(code::routes(&source, |_| true), contract().routes());
}

#[test]
fn the_contract_explains_every_kind_of_problem_and_no_other() {
    let mut made = code::problems(&[
        include_str!("../../src/problems.rs"),
        include_str!("../../../../crates/iommi-app/src/health.rs"),
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
    let yaml = app.get("/v1/openapi.yaml").await.expect(200);
    assert_eq!(
        yaml.body,
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.yaml")).unwrap()
    );
    let page = app.get("/v1/docs").await.expect(200);
    let page = String::from_utf8(page.body).unwrap();
    for part in ["Register a customer", "id=\"already-taken\"", "/v1/profiles/{profileId}"] {
        assert!(page.contains(part), "{part}");
    }
}

#[tokio::test]
async fn health_tells_each_dependency_and_its_latency() {
    let app = TestApp::start().await;
    assert_eq!(
        app.get("/v1/health/live").await.expect(200).json(),
        serde_json::json!({"status": "live"})
    );
    let ready = app.get("/v1/health/ready").await.expect(200).json();
    assert_eq!(
        (&ready["dependencies"][0]["name"], &ready["dependencies"][0]["status"]),
        (&"cosmosDb".into(), &"up".into())
    );
    app.get("/v1/health/happy").await.refused(400, "invalid-parameter", &["probe"]);
}
