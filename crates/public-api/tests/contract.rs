//! The shared parts of contracts say what the code does, and a contract that uses them is whole and short.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use custom_handler::ProblemKind;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::path::Path;

/// How long the contract of an app with one resource may be, in lines: `cargo xtask new app` writes such a one.
const SHORT_LINES: usize = 70;

fn contract() -> Value {
    let mut looked_for = Vec::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cakes.yaml");
    let text = contract_page::bundle(&file, &mut looked_for).unwrap_or_else(|e| panic!("{e}")).text;
    assert!(!text.contains("../") && !text.contains("{docs}"), "it needs no other file:\n{text}");
    serde_saphyr::from_str(&text).unwrap()
}

#[test]
fn a_contract_with_one_resource_is_short() {
    assert!(include_str!("cakes.yaml").lines().count() <= SHORT_LINES);
    let contract = contract();
    let operations = ["/cakes/v1/health/{probe}", "/cakes/v1/openapi.yaml", "/cakes/v1/docs"]
        .map(|path| contract["paths"][path]["get"]["operationId"].clone());
    assert_eq!(operations, ["health", "contract", "docs"]);
    let bad_request = &contract["components"]["responses"]["BadRequest"];
    assert_eq!(
        bad_request["content"]["application/problem+json"]["example"]["type"],
        "/cakes/v1/docs#invalid-parameter"
    );
    assert_eq!(
        contract["components"]["responses"]["NotSignedIn"],
        Value::Null,
        "only what is used comes along"
    );
}

#[test]
fn every_shared_kind_of_problem_is_explained_as_the_code_has_it() {
    let contract = contract();
    let kinds: [&[ProblemKind]; 3] = [
        custom_handler::problems::ALL,
        public_api::problems::ALL,
        public_api::idempotency::PROBLEMS,
    ];
    for kind in kinds.concat() {
        let explained = &contract["x-problems"][kind.slug];
        let code = json!({"status": kind.status.code().as_u16(), "title": kind.title});
        assert_eq!(
            json!({"status": explained["status"], "title": explained["title"]}),
            code,
            "{}",
            kind.slug
        );
        assert!(explained["remedy"].is_string(), "{}", kind.slug);
    }
}

#[test]
fn every_reference_of_the_shared_parts_leads_somewhere() {
    let mut looked_for = Vec::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.yaml");
    contract_page::bundle(&file, &mut looked_for).unwrap_or_else(|error| panic!("{error}"));
}
