//! Reading a JSON Schema. Every keyword is judged, or known to say nothing, or an error.

use serde_json::{Map, Value};

use super::{
    limits::Limits,
    node::{Kind, Kinds, Node, Others},
};
use crate::schema::{Place, Problem};

/// Keywords by which readers take less.
const JUDGED: [&str; 20] = [
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "items",
    "uniqueItems",
    "minItems",
    "maxItems",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// Keywords for people and for programs, by which nothing is refused.
const SAYS_NOTHING: [&str; 11] = [
    "$schema",
    "$id",
    "$comment",
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
];

/// Reads the schema of an event.
pub(crate) fn parse(schema: &Value) -> Result<Node, Problem> {
    node(schema, &Place::default())
}

fn node(schema: &Value, at: &Place) -> Result<Node, Problem> {
    at.checked()?;
    let schema = match schema {
        Value::Bool(true) => return Ok(Node::anything()),
        Value::Bool(false) => return Ok(Node::of([])),
        Value::Object(schema) => schema,
        _ => return Err(Problem::new(at, "a JSON Schema is a map, `true` or `false`")),
    };
    known(schema, at)?;
    let mut node = Node::of(kinds(schema, at)?);
    if let Some(values) = values(schema, at)? {
        let possible = values.into_iter().filter(|value| node.kinds.has(Kind::of(value)));
        let possible: Vec<Value> = possible.collect();
        node.kinds = Kinds(possible.iter().map(Kind::of).collect());
        node.values = Some(possible);
    }
    node.is_extensible = flag(schema, "x-extensible", at)?;
    node.limits = Limits::read(schema, at)?;
    if node.kinds.has(Kind::Whole) && !node.kinds.has(Kind::Fraction) {
        node.limits = node.limits.of_whole_numbers();
    }
    node.pattern = text(schema, "pattern", at)?;
    node.format = text(schema, "format", at)?;
    object(&mut node, schema, at)?;
    node.items = below(schema, "items", at)?;
    node.is_unique = flag(schema, "uniqueItems", at)?;
    Ok(node)
}

fn object(node: &mut Node, schema: &Map<String, Value>, at: &Place) -> Result<(), Problem> {
    node.required = texts(schema, "required", at)?.into_iter().collect();
    if let Some(properties) = schema.get("properties") {
        let at = at.at("properties");
        let Value::Object(properties) = properties else {
            return Err(Problem::new(&at, "it is a map of names and schemas"));
        };
        for (name, property) in properties {
            node.properties.insert(name.clone(), self::node(property, &at.at(name))?);
        }
    }
    if schema.get("additionalProperties").is_some_and(|others| !others.is_boolean())
        && let Some(others) = below(schema, "additionalProperties", at)?
    {
        node.others = Others::Of(others);
    }
    node.names = below(schema, "propertyNames", at)?;
    Ok(())
}

fn known(schema: &Map<String, Value>, at: &Place) -> Result<(), Problem> {
    for key in schema.keys().map(String::as_str) {
        if !JUDGED.contains(&key) && !SAYS_NOTHING.contains(&key) && !key.starts_with("x-") {
            let what = match key {
                "$ref" | "$defs" | "definitions" | "$dynamicRef" | "$anchor" => {
                    "references are not followed: write out what it leads to".to_owned()
                }
                _ => format!(
                    "`{key}` is not judged here, so nobody could say what it breaks; write it with {}",
                    JUDGED.join(", ")
                ),
            };
            return Err(Problem::new(&at.at(key), what));
        }
    }
    Ok(())
}

fn kinds(schema: &Map<String, Value>, at: &Place) -> Result<Vec<Kind>, Problem> {
    let words = match schema.get("type") {
        None => return Ok(Kind::ALL.to_vec()),
        Some(Value::String(word)) => vec![word.clone()],
        Some(_) => texts(schema, "type", at)?,
    };
    let mut kinds = Vec::new();
    for word in words {
        kinds.extend_from_slice(match word.as_str() {
            "null" => &[Kind::Null],
            "boolean" => &[Kind::Boolean],
            "integer" => &[Kind::Whole],
            "number" => &[Kind::Whole, Kind::Fraction],
            "string" => &[Kind::Text],
            "array" => &[Kind::List],
            "object" => &[Kind::Object],
            _ => {
                let what = format!(
                    "`{word}` is no type; the types are null, boolean, integer, number, string, array, object"
                );
                return Err(Problem::new(&at.at("type"), what));
            }
        });
    }
    Ok(kinds)
}

fn values(schema: &Map<String, Value>, at: &Place) -> Result<Option<Vec<Value>>, Problem> {
    let (key, values) = match (schema.get("enum"), schema.get("const")) {
        (None, None) => return Ok(None),
        (Some(Value::Array(values)), None) => ("enum", values.clone()),
        (Some(_), None) => return Err(Problem::new(&at.at("enum"), "it is a list of values")),
        (None, Some(value)) => ("const", vec![value.clone()]),
        (Some(_), Some(_)) => return Err(Problem::new(at, "write `enum` or `const`, not both")),
    };
    if values.iter().any(|value| value.is_object() || value.is_array()) {
        let what = "its values are texts, numbers, true, false or null";
        return Err(Problem::new(&at.at(key), what));
    }
    Ok(Some(values))
}

fn below(schema: &Map<String, Value>, key: &str, at: &Place) -> Result<Option<Box<Node>>, Problem> {
    schema.get(key).map(|schema| node(schema, &at.at(key)).map(Box::new)).transpose()
}

fn text(schema: &Map<String, Value>, key: &str, at: &Place) -> Result<Option<String>, Problem> {
    let Some(value) = schema.get(key) else { return Ok(None) };
    let text = value.as_str().ok_or_else(|| Problem::new(&at.at(key), "it is a text"))?;
    Ok(Some(text.to_owned()))
}

fn texts(schema: &Map<String, Value>, key: &str, at: &Place) -> Result<Vec<String>, Problem> {
    let wrong = || Problem::new(&at.at(key), "it is a list of texts");
    let Some(value) = schema.get(key) else { return Ok(Vec::new()) };
    let values = value.as_array().ok_or_else(wrong)?;
    values.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

fn flag(schema: &Map<String, Value>, key: &str, at: &Place) -> Result<bool, Problem> {
    let Some(value) = schema.get(key) else { return Ok(false) };
    value.as_bool().ok_or_else(|| Problem::new(&at.at(key), "it is true or false"))
}
