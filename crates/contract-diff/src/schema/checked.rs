//! Keywords that have a value which they cannot have: what is misspelt must not pass for what says nothing.

use serde_json::{Map, Value};

use super::{
    kinds,
    node::Part,
    normal::{Odd, wrong},
};

const COUNTS: [&str; 6] =
    ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
const NUMBERS: [&str; 3] = ["minimum", "maximum", "multipleOf"];
const EITHER: [&str; 2] = ["exclusiveMinimum", "exclusiveMaximum"];
const LISTS: [&str; 6] = ["allOf", "anyOf", "oneOf", "enum", "required", "prefixItems"];
const MAPS: [&str; 2] = ["properties", "patternProperties"];
const SCHEMAS: [&str; 8] =
    ["not", "if", "then", "else", "items", "additionalProperties", "propertyNames", "contains"];

/// Fails with the first keyword that says nothing as it is.
pub(crate) fn check(part: Part<'_>, keywords: &Map<String, Value>) -> Result<(), Odd> {
    for (keyword, value) in keywords {
        let word = keyword.as_str();
        let expected = match word {
            "type" => {
                kinds::named(value).map_err(|problem| wrong(part, &problem))?;
                continue;
            }
            _ if COUNTS.contains(&word) => (value.as_u64().is_some(), "a number from 0 up"),
            _ if NUMBERS.contains(&word) => (value.is_number(), "a number"),
            _ if EITHER.contains(&word) => (
                value.is_number() || value.is_boolean(),
                "a number, or in OpenAPI 3.0 true or false",
            ),
            "required" => {
                let names = value.as_array();
                (names.is_some_and(|names| names.iter().all(Value::is_string)), "a list of names")
            }
            _ if LISTS.contains(&word) => (value.is_array(), "a list"),
            _ if MAPS.contains(&word) => (value.is_object(), "a map"),
            _ if SCHEMAS.contains(&word) => {
                (value.is_object() || value.is_boolean(), "a schema, true or false")
            }
            "pattern" | "format" => (value.is_string(), "a text"),
            "uniqueItems" => (value.is_boolean(), "true or false"),
            _ => continue,
        };
        if let (false, what) = expected {
            return Err(wrong(part, &format!("`{keyword}: {value}`: write {what}")));
        }
    }
    Ok(())
}
