//! An event that could come: data as its schema's own example, or made up from it.

use serde_json::{Map, Value, json};

/// An id in every example, so that one is recognised.
const ID: &str = "01980c6e-1111-7000-8000-000000000001";
const TIME: &str = "2026-11-30T08:00:00Z";
/// Texts of which the first one that a schema takes is its example.
const TEXTS: [&str; 16] = [
    ID,
    TIME,
    "2026-11-30",
    "2026-11",
    "9.90",
    "EUR",
    "music-premium",
    "premium",
    "1",
    "12",
    "1234",
    "text",
    "https://iommi.example/1",
    "somebody@iommi.example",
    "events/1.json",
    "00000000000000000000000000000000",
];
/// How deep schemas may lie in each other; what is deeper is left out.
const MAX_DEPTH: u32 = 16;

/// The whole event; its data is null if the schema says too little to make one up.
pub(super) fn event(name: &str, app: &str, schema: &Value) -> Value {
    let own = schema["examples"].as_array().and_then(|examples| examples.first().cloned());
    let data = own.or_else(|| made_up(schema, MAX_DEPTH));
    json!({
        "specversion": "1.0", "id": format!("{ID}-1"), "source": format!("/{app}"), "type": name, "subject": ID,
        "time": TIME, "datacontenttype": "application/json", "data": data,
    })
}

fn made_up(schema: &Value, depth: u32) -> Option<Value> {
    if depth == 0 {
        return None;
    }
    if let Some(value) = schema.get("const") {
        return Some(value.clone());
    }
    if let Some(value) = schema["enum"].as_array().and_then(|values| values.first()) {
        return Some(value.clone());
    }
    match kind(schema)? {
        "object" => object(schema, depth),
        "array" => {
            let items = schema.get("items").and_then(|items| made_up(items, depth - 1));
            Some(items.map_or_else(|| json!([]), |item| json!([item])))
        }
        "string" => text(schema).map(Value::from),
        "integer" | "number" => {
            first_that_fits(schema, [json!(1), json!(0), json!(12), schema["minimum"].clone()])
        }
        "boolean" => Some(json!(false)),
        _ => Some(Value::Null),
    }
}

/// The type, or of several the first one that is not null.
fn kind(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => {
            let mut names = kinds.iter().filter_map(Value::as_str);
            names.find(|name| *name != "null").or(Some("null"))
        }
        _ => None,
    }
}

/// With every property that can be made up: what is required and cannot be makes the whole impossible.
fn object(schema: &Value, depth: u32) -> Option<Value> {
    let is_required = |name: &String| {
        schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name))
    };
    let mut object = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        match made_up(property, depth - 1) {
            Some(value) => drop(object.insert(name.clone(), value)),
            None if is_required(name) => return None,
            None => {}
        }
    }
    Some(Value::Object(object))
}

fn text(schema: &Value) -> Option<String> {
    let of_format = match schema["format"].as_str() {
        Some("uuid") => Some(ID),
        Some("date-time") => Some(TIME),
        Some("date") => Some("2026-11-30"),
        Some("uri") => Some("https://iommi.example/1"),
        Some("email") => Some("somebody@iommi.example"),
        _ => None,
    };
    let free = if schema.get("pattern").is_some() { None } else { Some("text") };
    let texts = of_format.into_iter().chain(free).chain(TEXTS).map(Value::from);
    first_that_fits(schema, texts)?.as_str().map(str::to_owned)
}

fn first_that_fits(schema: &Value, values: impl IntoIterator<Item = Value>) -> Option<Value> {
    let schema = jsonschema::validator_for(schema).ok()?;
    values.into_iter().find(|value| schema.is_valid(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_made_up_by_type_format_and_pattern() {
        let schema = json!({ "type": "object", "required": ["id", "at", "price"], "properties": {
            "id": { "type": "string", "format": "uuid" }, "at": { "type": "string", "format": "date-time" },
            "price": { "type": "object", "properties": { "currency": { "type": "string", "pattern": "^[A-Z]{3}$" } } },
            "why": { "enum": ["late", "early"] }, "rows": { "type": "integer", "minimum": 5 },
            "note": { "type": ["string", "null"] }, "odd": { "type": "string", "pattern": "^x{40}$" },
            "lines": { "type": "array", "items": { "type": "boolean" } } } });
        assert_eq!(
            event("t", "bakery", &schema)["data"],
            json!({ "id": ID, "at": TIME, "price": { "currency": "EUR" }, "why": "late", "rows": 12, "note": "text",
                "lines": [false] })
        );
    }

    #[test]
    fn the_own_example_of_a_schema_wins_and_without_one_nothing_is_pretended() {
        let schema = json!({ "type": "object", "required": ["odd"], "properties": { "odd": { "type": "string", "pattern": "^x{40}$" } } });
        assert_eq!(event("t", "bakery", &schema)["data"], Value::Null);
        let with = json!({ "type": "object", "examples": [{ "odd": "yes" }] });
        assert_eq!(event("t", "bakery", &with)["data"], json!({ "odd": "yes" }));
    }
}
