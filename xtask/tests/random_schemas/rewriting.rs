//! A schema in other words: the same values are valid.

use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Map, Value, json};

/// The schema in other words.
pub(crate) fn rewritten(schema: &Value, random: &mut StdRng) -> Value {
    let mut parts = Map::new();
    let mut whole = rewrite(schema, random, &mut parts);
    if let Some(members) = whole.as_object_mut() {
        members.insert("$defs".to_owned(), Value::Object(parts));
    }
    whole
}

fn rewrite(schema: &Value, random: &mut StdRng, parts: &mut Map<String, Value>) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    let mut members: Vec<(String, Value)> = members
        .iter()
        .map(|(key, value)| (key.clone(), inside(key, value, random, parts)))
        .collect();
    members.shuffle(random);
    let mut new: Map<String, Value> = members.into_iter().collect();
    reword(&mut new, random);
    let new = split(new, random);
    match random.random_range(0..6) {
        0 => {
            let name = format!("Part{}", parts.len());
            parts.insert(name.clone(), new);
            json!({ "$ref": format!("#/$defs/{name}"), "description": "Elsewhere." })
        }
        1 => json!({ "allOf": [new], "title": "In a list" }),
        2 => json!({ "anyOf": [new] }),
        3 => json!({ "oneOf": [new, false] }),
        _ => new,
    }
}

/// What is inside of a keyword, in other words and in another order.
fn inside(key: &str, value: &Value, random: &mut StdRng, parts: &mut Map<String, Value>) -> Value {
    match (key, value) {
        ("properties", Value::Object(properties)) => {
            let mut all: Vec<(String, Value)> = properties
                .iter()
                .map(|(name, property)| (name.clone(), rewrite(property, random, parts)))
                .collect();
            all.shuffle(random);
            Value::Object(all.into_iter().collect())
        }
        ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(several)) => {
            let mut all: Vec<Value> =
                several.iter().map(|one| rewrite(one, random, parts)).collect();
            if key != "prefixItems" {
                all.shuffle(random);
            }
            Value::Array(all)
        }
        ("items" | "not" | "additionalProperties", value) => rewrite(value, random, parts),
        ("required" | "enum" | "type", Value::Array(words)) => {
            let mut words = words.clone();
            words.shuffle(random);
            Value::Array(words)
        }
        (_, value) => value.clone(),
    }
}

/// One keyword for another.
fn reword(schema: &mut Map<String, Value>, random: &mut StdRng) {
    if random.random_bool(0.3) {
        return;
    }
    if let Some(value) = schema.remove("const") {
        schema.insert("enum".to_owned(), json!([value]));
    }
    if schema.get("type") == Some(&json!("integer"))
        && let Some(minimum) = schema.remove("minimum").and_then(|minimum| minimum.as_i64())
    {
        schema.insert("exclusiveMinimum".to_owned(), json!(minimum - 1));
    }
    if schema.get("type").is_some_and(Value::is_array) {
        let text: Map<String, Value> = schema
            .iter()
            .map(|(key, value)| {
                (key.clone(), if key == "type" { json!("string") } else { value.clone() })
            })
            .collect();
        *schema = Map::from_iter([("oneOf".to_owned(), json!([{ "type": "null" }, text]))]);
    }
    cut_up(schema);
    schema.insert("description".to_owned(), json!("In other words."));
}

/// A property that is always there and lists its values, a variant for each.
fn cut_up(schema: &mut Map<String, Value>) {
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let listed = |(name, property): (&String, &Value)| {
        let values = property.get("enum")?.as_array()?.clone();
        required.contains(&json!(name)).then(|| (name.clone(), values))
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    let Some((name, values)) = properties.and_then(|all| all.iter().find_map(listed)) else {
        return;
    };
    let whole = Value::Object(std::mem::take(schema));
    let variants = values.iter().map(|value| {
        let mut variant = whole.clone();
        variant["properties"][&name] = json!({ "const": value });
        variant
    });
    schema.insert("oneOf".to_owned(), variants.collect());
}

/// Some keywords in a part of their own. What is said of members and items stays together.
fn split(schema: Map<String, Value>, random: &mut StdRng) -> Value {
    const TOGETHER: [&str; 4] = ["properties", "additionalProperties", "prefixItems", "items"];
    if random.random_bool(0.5) || schema.contains_key("allOf") {
        return Value::Object(schema);
    }
    let (mut one, mut two) = (Map::new(), Map::new());
    for (key, value) in schema {
        let first = TOGETHER.contains(&key.as_str()) || random.random_bool(0.5);
        if first {
            one.insert(key, value)
        } else {
            two.insert(key, value)
        };
    }
    json!({ "allOf": [two, one] })
}
