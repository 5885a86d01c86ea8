//! Which OpenAPI it is, and what of it JSON Schema 2020-12 does not know: 3.0's own keywords, members that only one
//! direction has, and discriminators with a mapping.

use std::path::Path;

use serde_json::{Value, json};

use super::{Documents, Members, ReadError, find, walk};

/// The versions that differ in their schemas.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// Schemas are a dialect of their own.
    V30,
    /// Schemas are JSON Schema.
    V31,
}

pub(super) fn version(document: &Value, file: &Path) -> Result<Version, ReadError> {
    let no = |why: String| Err(ReadError::NotOpenApi { file: file.to_owned(), why });
    if !document.is_object() {
        return no("it is no OpenAPI document, which begins with `openapi: 3.1.0`".to_owned());
    }
    if let Some(old) = document.get("swagger") {
        return no(format!("it is Swagger {old}: convert it to OpenAPI 3.1"));
    }
    let version = match document["openapi"].as_str() {
        Some(version) if version.starts_with("3.0.") => Version::V30,
        Some(version) if version.starts_with("3.") => Version::V31,
        _ => {
            let there = &document["openapi"];
            return no(format!(
                "openapi is {there}; write `openapi: 3.1.0` (3.0 is understood too)"
            ));
        }
    };
    match &document["paths"] {
        Value::Object(_) => Ok(version),
        Value::Null => Ok(version),
        _ => no("paths is no map from paths to what they answer".to_owned()),
    }
}

/// The document with schemas of JSON Schema 2020-12, for requests and for responses.
pub(super) fn normalised(mut document: Value, version: Version) -> Documents {
    if version == Version::V30 {
        walk::each_part(&mut document, &mut |members, _| from_3_0(members));
    }
    walk::each_part(&mut document, &mut |members, _| discriminate(members));
    let mut of_requests = document.clone();
    let mut of_responses = document.clone();
    walk::each_part(&mut of_requests, &mut |members, _| relax(members, "readOnly", &document));
    walk::each_part(&mut of_responses, &mut |members, _| relax(members, "writeOnly", &document));
    Documents { of_requests, of_responses }
}

fn from_3_0(members: &mut Members) {
    // A reference stands alone (OpenAPI 3.0.4, section 4.7.23).
    if members.get("$ref").is_some_and(Value::is_string) {
        members.retain(|key, _| key == "$ref");
        return;
    }
    for (is_exclusive, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")]
    {
        if let Some(Value::Bool(exclusive)) = members.get(is_exclusive) {
            let exclusive = *exclusive;
            members.remove(is_exclusive);
            if exclusive && let Some(limit) = members.remove(limit) {
                members.insert(is_exclusive.to_owned(), limit);
            }
        }
    }
    if members.remove("nullable") == Some(Value::Bool(true)) {
        nullable(members);
    }
}

/// Without a type it is said of what the schema is made of, as everybody means it.
fn nullable(members: &mut Members) {
    if let Some(kind) = members.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    } else if ["allOf", "anyOf", "oneOf"].iter().any(|key| members.contains_key(*key)) {
        let rest = std::mem::take(members);
        members.insert("anyOf".to_owned(), json!([Value::Object(rest), { "type": "null" }]));
    }
}

/// A branch of `oneOf` or `anyOf` that a discriminator's mapping names is for the mapped values only: a mistake is then
/// said of the branch that was meant.
fn discriminate(members: &mut Members) {
    let Some(discriminator) = members.get("discriminator") else { return };
    let Some(property) = discriminator["propertyName"].as_str().map(str::to_owned) else { return };
    let mapping: Vec<(String, String)> = discriminator["mapping"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(value, target)| Some((value.clone(), target.as_str()?.to_owned())))
        .collect();
    for key in ["oneOf", "anyOf"] {
        for branch in members.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(reference) = branch["$ref"].as_str() else { continue };
            let is_it = |target: &str| {
                target == reference || reference.ends_with(&format!("/components/schemas/{target}"))
            };
            let values: Vec<&str> = mapping
                .iter()
                .filter(|(_, target)| is_it(target))
                .map(|(value, _)| value.as_str())
                .collect();
            if !values.is_empty() {
                let only = json!({ "properties": { &property: { "enum": values } } });
                *branch = json!({ "allOf": [only, { "$ref": reference }] });
            }
        }
    }
}

/// Members that the other direction has need not be there.
fn relax(members: &mut Members, one_way: &str, document: &Value) {
    let Some(properties) = members.get("properties").and_then(Value::as_object).cloned() else {
        return;
    };
    let Some(Value::Array(required)) = members.get_mut("required") else { return };
    required.retain(|name| {
        let property = name.as_str().and_then(|name| properties.get(name)).unwrap_or(&Value::Null);
        let target = property["$ref"].as_str().and_then(|reference| find(document, reference));
        property[one_way] != true && target.is_none_or(|target| target[one_way] != true)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn schema(version: Version, schema: Value) -> Value {
        let document = json!({ "components": { "schemas": { "A": schema } } });
        normalised(document, version).of_requests["components"]["schemas"]["A"].take()
    }

    #[test]
    fn what_3_0_says_in_its_own_words_is_said_in_those_of_3_1() {
        let old = |old: Value| schema(Version::V30, old);
        assert_eq!(
            old(json!({ "type": "string", "nullable": true })),
            json!({ "type": ["string", "null"] })
        );
        assert_eq!(
            old(json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": true })),
            json!({ "type": "integer", "exclusiveMinimum": 1 })
        );
        assert_eq!(
            old(json!({ "maximum": 1, "exclusiveMaximum": false })),
            json!({ "maximum": 1 })
        );
        assert_eq!(
            old(json!({ "nullable": true, "allOf": [{ "type": "object" }] })),
            json!({ "anyOf": [{ "allOf": [{ "type": "object" }] }, { "type": "null" }] })
        );
        assert_eq!(old(json!({ "$ref": "#/x", "minLength": 1 })), json!({ "$ref": "#/x" }));
        let new = json!({ "$ref": "#/x", "minLength": 1 });
        assert_eq!(schema(Version::V31, new.clone()), new);
    }

    #[test]
    fn what_only_answers_have_need_not_be_in_a_request() {
        let both = json!({ "required": ["id", "name"], "properties": { "id": { "readOnly": true }, "name": {} } });
        let document = json!({ "components": { "schemas": { "A": both } } });
        let normal = normalised(document, Version::V31);
        assert_eq!(normal.of_requests["components"]["schemas"]["A"]["required"], json!(["name"]));
        assert_eq!(
            normal.of_responses["components"]["schemas"]["A"]["required"],
            json!(["id", "name"])
        );
    }
}
