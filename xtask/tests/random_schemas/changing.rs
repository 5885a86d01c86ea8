//! A schema with one or two changes.

use rand::{Rng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Map, Value, json};

use super::NAMES;

/// One or two changes, somewhere.
pub(crate) fn mutated(schema: &Value, random: &mut StdRng) -> Value {
    let mut changed = schema.clone();
    for _ in 0..random.random_range(1..3) {
        change_somewhere(&mut changed, random);
    }
    changed
}

fn change_somewhere(schema: &mut Value, random: &mut StdRng) {
    let mut paths = Vec::new();
    collect(schema, String::new(), &mut paths);
    let Some(path) = paths.choose(random) else { return };
    if let Some(place) = schema.pointer_mut(path) {
        change(place, random);
    }
}

/// Where schemas are.
fn collect(schema: &Value, path: String, paths: &mut Vec<String>) {
    let Some(members) = schema.as_object() else { return };
    for (key, value) in members {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties {
                    collect(property, format!("{path}/properties/{name}"), paths);
                }
            }
            ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(several)) => {
                for (index, one) in several.iter().enumerate() {
                    collect(one, format!("{path}/{key}/{index}"), paths);
                }
            }
            ("items" | "additionalProperties", Value::Object(_)) => {
                collect(value, format!("{path}/{key}"), paths)
            }
            _ => {}
        }
    }
    paths.push(path);
}

fn change(schema: &mut Value, random: &mut StdRng) {
    let Some(members) = schema.as_object_mut() else { return };
    for keyword in ["anyOf", "oneOf"] {
        if members.contains_key(keyword) {
            return change_variants(members, keyword, random);
        }
    }
    if let Some(values) = members.get_mut("enum").and_then(Value::as_array_mut) {
        match random.random_range(0..3) {
            0 if values.len() > 1 => drop(values.remove(0)),
            1 => values.push(json!("new")),
            _ => *schema = json!({ "type": "string" }),
        }
        return;
    }
    match members.get("type").and_then(Value::as_str) {
        Some("object") => change_object(members, random),
        Some("string") => change_number(members, ["minLength", "maxLength"], random),
        Some("array") => change_number(members, ["minItems", "maxItems"], random),
        Some("integer") if random.random_bool(0.3) => {
            drop(members.insert("type".into(), json!("number")))
        }
        Some("number") if random.random_bool(0.3) => {
            drop(members.insert("type".into(), json!("integer")))
        }
        Some("integer" | "number") => change_number(members, ["minimum", "maximum"], random),
        _ => *schema = json!({ "type": ["string", "boolean"] }),
    }
}

fn change_variants(members: &mut Map<String, Value>, keyword: &str, random: &mut StdRng) {
    let Some(mut variants) = members.remove(keyword) else { return };
    let list = variants.as_array_mut().expect("a list of variants");
    match random.random_range(0..3) {
        0 if list.len() > 1 => drop(list.remove(0)),
        1 => list.push(json!({ "type": "object", "required": ["new"], "properties": { "new": { "const": 1 } } })),
        _ => {
            let other = if keyword == "anyOf" { "oneOf" } else { "anyOf" };
            members.insert(other.to_owned(), variants);
            return;
        }
    }
    members.insert(keyword.to_owned(), variants);
}

fn change_number(members: &mut Map<String, Value>, keywords: [&str; 2], random: &mut StdRng) {
    let keyword = keywords[random.random_range(0..2)];
    if random.random_bool(0.2) {
        members.remove(keyword);
    } else {
        members.insert(keyword.to_owned(), json!(random.random_range(0..6)));
    }
}

fn change_object(members: &mut Map<String, Value>, random: &mut StdRng) {
    let name = NAMES[random.random_range(0..NAMES.len())];
    match random.random_range(0..6) {
        0 => drop(members.insert("additionalProperties".to_owned(), json!(false))),
        1 => drop(members.remove("additionalProperties")),
        2 => drop(members["properties"].as_object_mut().map(|properties| properties.remove(name))),
        3 => members["properties"][name] = json!({ "type": "string", "maxLength": 3 }),
        4 => members["required"] = json!([name]),
        _ => members["required"] = json!([]),
    }
}
