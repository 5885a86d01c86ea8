//! The contract and the code say the same.

use crate::support::{Contract, TestApp};
use function_json::{FunctionJson, FunctionName, Trigger};
use pretty_assertions::assert_eq;
use reqwest::Method;
use std::{collections::BTreeSet, fs, path::Path};

/// Every `METHOD /path` of the function.json files, but for the function that answers what has no route and for
/// the pages of the console, which are for people (`docs/moderation.md`).
fn routes() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for folder in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let folder = folder.unwrap();
        let Ok(text) = fs::read_to_string(folder.path().join("function.json")) else { continue };
        let name = FunctionName::parse(folder.file_name().to_str().unwrap()).unwrap();
        if name.as_str().starts_with("console") {
            continue;
        }
        let Trigger::Http(http) = FunctionJson::parse_named(&name, &text).unwrap().trigger else {
            continue;
        };
        for method in http.methods.iter().flatten() {
            routes.insert(format!("{} /{}", method.to_string().to_uppercase(), http.route));
        }
    }
    routes
}

#[test]
fn every_route_is_in_the_contract_and_the_reverse() {
    let paths = Contract::read().document()["paths"].as_object().unwrap();
    let declared: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |method| (path, method)))
        .filter(|(_, method)| *method != "parameters")
        .map(|(path, method)| format!("{} {path}", method.to_uppercase()))
        .collect();
    assert_eq!(routes(), declared);
}

/// The kinds of problems that a source file makes: the second argument of each `Problem::new`.
fn made_in(source: &str) -> Vec<String> {
    let source: String = source.split_whitespace().collect();
    let calls = source.split("Problem::new(ErrorStatus::").skip(1);
    calls.map(|call| call.split('"').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn the_contract_explains_every_kind_of_problem_and_no_other() {
    let explained = Contract::read().document()["x-problems"].as_object().unwrap();
    let explained: BTreeSet<String> = explained.keys().cloned().collect();
    let known = custom_handler::slug::ALL.iter().map(|slug| (*slug).to_owned());
    let made: BTreeSet<String> = known
        .chain(made_in(include_str!("../../src/problems.rs")))
        .chain(made_in(include_str!("../../../../crates/iommi-app/src/health.rs")))
        .chain(made_in(include_str!("../../../../crates/iommi-app/src/principal.rs")))
        .chain(made_in(include_str!("../../../../crates/iommi-app/src/form_key.rs")))
        .chain(["form-refused".to_owned()])
        .collect();
    assert_eq!(explained, made);
}

#[test]
fn the_examples_of_the_contract_keep_the_contract() {
    let document = Contract::read().document();
    for (name, example) in document["components"]["examples"].as_object().unwrap() {
        let mut schema = serde_json::json!({"$ref": format!("#/components/schemas/{name}")});
        schema["components"] = document["components"].clone();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&example["value"]).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
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
