//! Holds answers against `openapi.yaml`.

use super::Answer;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock},
};

pub(crate) struct Contract {
    document: Value,
    /// Compiling a schema takes a while; each is compiled once.
    validators: Mutex<HashMap<String, jsonschema::Validator>>,
}

impl Contract {
    pub(crate) fn read() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| Self {
            document: serde_saphyr::from_str(include_str!("../../../openapi.yaml")).unwrap(),
            validators: Mutex::default(),
        })
    }

    /// The document.
    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    /// Fails if the contract does not know this answer. Paths that it does not know are only held to the
    /// rule that every refusal is a problem document.
    pub(crate) fn check(&self, method: &Method, path: &str, answer: &Answer) {
        if answer.status >= 400 {
            self.check_problem(answer);
        }
        let Some((template, item)) = self.path(path) else { return };
        let what = format!("{method} {template} → {}", answer.status);
        let operation = &item[method.as_str().to_lowercase()];
        if operation.is_null() {
            assert_eq!(answer.status, 405, "{what}: the contract does not have this method");
            return;
        }
        let response = self.resolve(&operation["responses"][answer.status.to_string()]);
        assert!(!response.is_null(), "{what} is not in the contract: {answer:?}");
        for (name, header) in response["headers"].as_object().unwrap_or(&Map::new()) {
            let optional = name == "Retry-After" || answer.status == 412;
            assert!(
                optional || answer.header(name).is_some(),
                "{what} lacks the header {name}: {header}"
            );
        }
        let Some(content) = response["content"].as_object() else {
            assert!(answer.body.is_empty(), "{what} has a body: {answer:?}");
            return;
        };
        let given = answer.header("content-type").unwrap_or_default();
        let media_type = given.split(';').next().unwrap_or_default();
        let declared = content.get(media_type);
        let schema =
            &declared.unwrap_or_else(|| panic!("{what} is {given:?}, not {content:?}"))["schema"];
        if media_type.ends_with("json") {
            self.validate(&what, schema, &answer.json());
        }
    }

    fn check_problem(&self, answer: &Answer) {
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
        let (slug, body) = (answer.problem(), answer.json());
        let known = &self.document["x-problems"][&slug];
        assert!(known.is_object(), "x-problems lacks {slug}: {body}");
        assert_eq!(known["status"], answer.status, "the status of {slug}");
        assert_eq!(known["title"], body["title"], "the title of {slug}");
        assert_eq!(body["status"], answer.status);
        self.validate(&slug, &json!({"$ref": "#/components/schemas/Problem"}), &body);
    }

    fn validate(&self, what: &str, schema: &Value, body: &Value) {
        let mut validators = self.validators.lock().unwrap();
        let validator = validators.entry(schema.to_string()).or_insert_with(|| {
            let mut whole = schema.clone();
            whole["components"] = self.document["components"].clone();
            jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
        });
        let errors: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{what} breaks the contract: {errors:#?}\n{body:#}");
    }

    /// The path of the contract that matches, the one without parameters first.
    fn path(&self, path: &str) -> Option<(&str, &Value)> {
        let paths = self.document["paths"].as_object().unwrap();
        let matches = |template: &str| {
            let (given, template): (Vec<&str>, Vec<&str>) =
                (path.split('/').collect(), template.split('/').collect());
            given.len() == template.len()
                && given
                    .iter()
                    .zip(&template)
                    .all(|(given, part)| part.starts_with('{') || given == part)
        };
        let mut found: Vec<(&str, &Value)> = paths
            .iter()
            .filter(|(template, _)| matches(template))
            .map(|(t, v)| (t.as_str(), v))
            .collect();
        found.sort_by_key(|(template, _)| template.matches('{').count());
        found.first().copied()
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        target.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }
}

/// Fails unless this is an event that its schema allows.
pub(crate) fn is_event(event: &Value) {
    let schema = match event["type"].as_str().unwrap() {
        "com.iommi.profiles.changed.v1" => include_str!("../../../events/changed.schema.json"),
        "com.iommi.profiles.erased.v1" => include_str!("../../../events/erased.schema.json"),
        other => panic!("{other} is not an event of ours"),
    };
    for attribute in
        ["specversion", "id", "source", "subject", "time", "datacontenttype", "traceparent"]
    {
        assert!(event[attribute].is_string(), "{attribute}: {event}");
    }
    assert_eq!(
        event["id"],
        format!("{}-{}", event["subject"].as_str().unwrap(), event["revision"])
    );
    if event.get("dataref").is_some() {
        assert!(event.get("data").is_none(), "either data or its place: {event}");
        return;
    }
    keeps(schema, &event["data"]);
}

/// Fails unless the value is as a schema says.
pub(crate) fn keeps(schema: &str, value: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}: {value}");
}
