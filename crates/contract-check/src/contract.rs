//! Holds answers against `openapi.yaml`.

use crate::Answer;
use contract_page::plan::Operation;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Mutex,
};

/// An app's contract.
#[derive(Debug)]
pub struct Contract {
    document: Value,
    /// Compiling a schema takes a while; each is compiled once.
    validators: Mutex<HashMap<String, jsonschema::Validator>>,
}

/// Headers that say something only in some answers of a status.
const OPTIONAL_HEADERS: [&str; 2] = ["Retry-After", "Preference-Applied"];

impl Contract {
    /// Reads an OpenAPI document in YAML.
    #[must_use]
    pub fn of(yaml: &str) -> Self {
        Self { document: serde_saphyr::from_str(yaml).unwrap(), validators: Mutex::default() }
    }

    /// Every `METHOD /path` that it declares.
    #[must_use]
    pub fn routes(&self) -> BTreeSet<String> {
        self.operations().into_iter().map(|operation| operation.route).collect()
    }

    /// Every operation, and whether it is planned.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        Operation::all(&self.document)
    }

    /// Every kind of problem that it explains (`x-problems`).
    #[must_use]
    pub fn problems(&self) -> BTreeSet<String> {
        self.document["x-problems"].as_object().unwrap().keys().cloned().collect()
    }

    /// The words that a schema allows (`enum`), in their order.
    #[must_use]
    pub fn words(&self, schema: &str) -> Vec<&str> {
        let words = self.document["components"]["schemas"][schema]["enum"].as_array();
        let words = words.unwrap_or_else(|| panic!("the schema {schema} has no list of words"));
        words.iter().map(|word| word.as_str().unwrap()).collect()
    }

    /// What it says of a kind of problem.
    pub(crate) fn problem(&self, kind: &str) -> Option<&Value> {
        self.document["x-problems"].get(kind)
    }

    /// Whether it has a path that this one is.
    #[must_use]
    pub fn has_path(&self, path: &str) -> bool {
        self.path(path).is_some()
    }

    /// Fails if the contract does not know this answer. Paths that it does not know are only held to the
    /// rule that every refusal is a problem document.
    pub fn check(&self, method: &Method, path: &str, answer: &Answer) {
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
            let optional = OPTIONAL_HEADERS.contains(&name.as_str()) || answer.status == 412;
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
        let mistakes = self.mistakes(schema, body).unwrap();
        assert!(mistakes.is_empty(), "{what} breaks the contract: {mistakes:#?}\n{body:#}");
    }

    /// What of a value is not as a schema says, each as pointer and mistake.
    ///
    /// # Errors
    /// The schema is none; the error says where.
    pub fn mistakes(&self, schema: &Value, value: &Value) -> Result<Vec<String>, String> {
        let mut validators = self.validators.lock().unwrap();
        let key = schema.to_string();
        if !validators.contains_key(&key) {
            let mut whole = schema.clone();
            if let Value::Object(members) = &mut whole {
                members.insert("components".to_owned(), self.document["components"].clone());
            }
            let made = jsonschema::options().should_validate_formats(true).build(&whole);
            validators.insert(key.clone(), made.map_err(|error| error.to_string())?);
        }
        let errors = validators[&key].iter_errors(value);
        Ok(errors.map(|error| format!("{}: {error}", error.instance_path())).collect())
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

    /// The whole OpenAPI document.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// What a reference within the document (`{"$ref": "#/…"}`) leads to; what is none is what it is.
    #[must_use]
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        target.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }
}
