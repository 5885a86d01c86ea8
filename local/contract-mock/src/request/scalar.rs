//! Texts as the values that a schema means: in paths, queries, headers and forms everything is a text.

use serde_json::{Number, Value};

use crate::schemas::{BadSchema, Schemas};

/// The value that a text stands for: the first that the schema's types allow and the schema takes, else a value of the
/// first type, so that the mistake is said of what was meant.
pub(super) fn value(schemas: &Schemas, schema: &str, text: &str) -> Result<Value, BadSchema> {
    let types = schemas.types(schema);
    let allows = |name: &str| types.is_empty() || types.contains(name);
    let mut candidates = Vec::new();
    if allows("integer") || allows("number") {
        candidates.extend(number(text).map(Value::Number));
    }
    if allows("boolean") {
        candidates.extend(text.parse::<bool>().ok().map(Value::Bool));
    }
    if types.contains("null") && (text.is_empty() || text == "null") {
        candidates.push(Value::Null);
    }
    let as_text = Value::String(text.to_owned());
    if types.is_empty() || types.contains("string") {
        candidates.insert(if types.is_empty() { 0 } else { candidates.len() }, as_text.clone());
    }
    for candidate in &candidates {
        if schemas.deviations(schema, candidate)?.is_empty() {
            return Ok(candidate.clone());
        }
    }
    Ok(candidates.into_iter().next().unwrap_or(as_text))
}

/// A number as JSON writes it, nothing else: neither ` 7` nor `+7` nor `0x7`.
fn number(text: &str) -> Option<Number> {
    let first = text.chars().next()?;
    (first == '-' || first.is_ascii_digit()).then(|| serde_json::from_str(text).ok()).flatten()
}
