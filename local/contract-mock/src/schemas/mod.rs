//! What schemas say of values.

mod branches;
mod words;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::{Draft, Validator};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::reading::{self, escaped};

/// How many references, and schemas within schemas, are followed to learn what a schema is.
const DEPTH_MAX: usize = 32;

/// Everything but what a pointer in a URI may have as it is (RFC 3986, section 3.5).
const NOT_IN_A_FRAGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'~').remove(b'-').remove(b'.').remove(b'_');

/// A document, and its schemas as they are asked for.
#[derive(Debug)]
pub(crate) struct Schemas {
    document: Value,
    /// By their pointers. Making one takes a while.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// What of a value is not as its schema says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Deviation {
    /// Where in the value.
    pub(crate) pointer: String,
    /// What would be right.
    pub(crate) detail: String,
}

/// A schema that is none.
#[derive(Debug)]
pub(crate) struct BadSchema(pub(crate) String);

impl Schemas {
    pub(crate) fn new(document: Value) -> Self {
        Self { document, validators: Mutex::default() }
    }

    /// What is at a pointer, references followed, and its own pointer.
    pub(crate) fn at(&self, pointer: &str) -> Option<(String, &Value)> {
        let mut pointer = pointer.to_owned();
        for _ in 0..DEPTH_MAX {
            let value = self.document.pointer(&pointer)?;
            match value["$ref"].as_str().and_then(reading::pointer) {
                Some(target) => pointer = target,
                None => return Some((pointer, value)),
            }
        }
        None
    }

    /// What is at a pointer, with references followed on the way and at its end; null if there is nothing.
    pub(crate) fn value(&self, pointer: &str) -> &Value {
        self.at(pointer).map_or(&Value::Null, |(_, value)| value)
    }

    /// A part of what is at a pointer.
    pub(crate) fn child(&self, pointer: &str, key: &str) -> Option<String> {
        let (pointer, value) = self.at(pointer)?;
        value.get(key).map(|_| format!("{pointer}/{}", escaped(key)))
    }

    /// What of a value is not as the schema at a pointer says.
    pub(crate) fn deviations(
        &self,
        schema: &str,
        value: &Value,
    ) -> Result<Vec<Deviation>, BadSchema> {
        let validator = self.validator(schema)?;
        let mut found: Vec<Deviation> = Vec::new();
        for error in validator.iter_errors(value) {
            for deviation in branches::deviations(&error) {
                if !found.contains(&deviation) {
                    found.push(deviation);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn validator(&self, schema: &str) -> Result<Arc<Validator>, BadSchema> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = validators.get(schema) {
            return Ok(Arc::clone(known));
        }
        let fragment = utf8_percent_encode(schema, NOT_IN_A_FRAGMENT);
        let mut whole = self.document.clone();
        if let Value::Object(members) = &mut whole {
            members.insert("$ref".to_owned(), json!(format!("#{fragment}")));
        }
        let made = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&whole)
            .map_err(|error| {
                BadSchema(format!("the schema at #{schema} cannot be used: {error}"))
            })?;
        let made = Arc::new(made);
        validators.insert(schema.to_owned(), Arc::clone(&made));
        Ok(made)
    }

    /// The types that a schema allows; empty if it says nothing.
    pub(crate) fn types(&self, schema: &str) -> BTreeSet<String> {
        let mut types = BTreeSet::new();
        self.each_within(schema, &mut |_, schema| match &schema["type"] {
            Value::String(one) => {
                types.insert(one.clone());
            }
            Value::Array(several) => {
                types.extend(several.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            _ if schema.get("properties").is_some() => {
                types.insert("object".to_owned());
            }
            _ if schema.get("items").is_some() => {
                types.insert("array".to_owned());
            }
            _ => {
                let values = schema["enum"].as_array().into_iter().flatten();
                types.extend(
                    values.chain(schema.get("const")).map(|value| type_of(value).to_owned()),
                );
            }
        });
        types
    }

    /// The schema of the items of an array.
    pub(crate) fn items(&self, schema: &str) -> Option<String> {
        let mut found = None;
        self.each_within(schema, &mut |pointer, schema| {
            if schema.get("items").is_some() {
                found.get_or_insert(format!("{pointer}/items"));
            }
        });
        found
    }

    /// The schemas of the properties of an object, by name.
    pub(crate) fn properties(&self, schema: &str) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        self.each_within(schema, &mut |pointer, schema| {
            for (name, _) in schema["properties"].as_object().into_iter().flatten() {
                if !found.iter().any(|(known, _)| known == name) {
                    found.push((name.clone(), format!("{pointer}/properties/{}", escaped(name))));
                }
            }
        });
        found
    }

    /// Whether an object may have properties that no name is given to.
    pub(crate) fn others(&self, schema: &str) -> Option<String> {
        let mut found = None;
        self.each_within(schema, &mut |pointer, schema| {
            if schema["additionalProperties"].is_object() {
                found.get_or_insert(format!("{pointer}/additionalProperties"));
            }
        });
        found
    }

    /// Calls `see` for a schema and all that it is made of.
    fn each_within(&self, schema: &str, see: &mut impl FnMut(&str, &Value)) {
        let mut seen = BTreeSet::new();
        let mut to_do = vec![schema.to_owned()];
        while let Some(next) = to_do.pop() {
            let Some((pointer, schema)) = self.at(&next) else { continue };
            if seen.len() == DEPTH_MAX || !seen.insert(pointer.clone()) {
                continue;
            }
            see(&pointer, schema);
            for (key, branches) in
                ["allOf", "anyOf", "oneOf"].map(|key| (key, schema[key].as_array()))
            {
                let count = branches.map_or(0, Vec::len);
                to_do.extend((0..count).rev().map(|index| format!("{pointer}/{key}/{index}")));
            }
        }
    }
}

/// The type of a value, as schemas call it.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
