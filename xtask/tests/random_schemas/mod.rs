//! Schemas by chance: made, changed, written otherwise, and values of them.

mod changing;
mod rewriting;

use proptest::prelude::*;
use rand::{Rng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Map, Value, json};

pub(crate) use changing::mutated;
pub(crate) use rewriting::rewritten;

pub(crate) const NAMES: [&str; 4] = ["a", "b", "c", "kind"];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0..4_u8, 3..8_u8)
            .prop_map(|(min, max)| json!({ "type": "string", "minLength": min, "maxLength": max })),
        Just(json!({ "type": "string" })),
        Just(json!({ "type": "string", "pattern": "^x" })),
        (-3..3_i8, 3..9_i8)
            .prop_map(|(min, max)| json!({ "type": "integer", "minimum": min, "maximum": max })),
        (-3..3_i8, 3..9_i8).prop_map(
            |(min, max)| json!({ "type": "number", "exclusiveMinimum": min, "maximum": max })
        ),
        Just(json!({ "type": "integer", "multipleOf": 2 })),
        Just(json!({ "type": "boolean" })),
        Just(json!({ "type": "null" })),
        Just(json!({ "type": ["string", "null"], "maxLength": 4 })),
        prop::sample::subsequence(vec!["x", "y", "xyz", "z"], 1..4)
            .prop_map(|values| json!({ "enum": values })),
        prop::sample::subsequence(
            vec![json!(1), json!("x"), json!(true), json!(null), json!(2.5)],
            1..4
        )
        .prop_map(|values| json!({ "enum": values })),
        Just(json!({ "const": "x" })),
        Just(json!({ "type": "string", "not": { "const": "x" } })),
    ]
}

fn object(inner: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> {
    let properties = prop::collection::btree_map(prop::sample::select(&NAMES[..]), inner, 1..4);
    (properties, any::<[bool; 4]>(), 0..4_u8).prop_map(|(properties, required, more)| {
        let names: Vec<&str> = properties.keys().copied().collect();
        let required: Vec<&str> =
            names.iter().zip(required).filter(|(_, required)| *required).map(|(n, _)| *n).collect();
        let properties: Map<String, Value> =
            properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
        let mut schema =
            json!({ "type": "object", "properties": properties, "required": required });
        match more {
            0 => schema["additionalProperties"] = json!(false),
            1 => schema["additionalProperties"] = json!({ "type": "integer" }),
            _ => {}
        }
        schema
    })
}

/// Any schema.
pub(crate) fn schema() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 24, 4, |inner| {
        let several = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            3 => object(inner.clone()),
            1 => (inner.clone(), 0..2_u8, 2..4_u8).prop_map(|(items, min, max)| json!({ "type": "array", "items": items, "minItems": min, "maxItems": max })),
            1 => (inner.clone(), inner.clone()).prop_map(|(first, rest)| json!({ "type": "array", "prefixItems": [first], "items": rest })),
            1 => several.clone().prop_map(|variants| json!({ "anyOf": variants })),
            1 => several.prop_map(|variants| json!({ "oneOf": variants })),
            1 => (object(inner.clone()), object(inner)).prop_map(|(one, two)| json!({ "allOf": [one, two] })),
        ]
    })
}

/// A value that is likely to be valid. As is the custom, it has no members that nobody describes.
pub(crate) fn instance(schema: &Value, random: &mut StdRng) -> Value {
    if let Some(value) = schema["enum"].as_array().and_then(|values| values.choose(random)) {
        return value.clone();
    }
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(variant) =
            schema[keyword].as_array().and_then(|variants| variants.choose(random))
        {
            return instance(variant, random);
        }
    }
    if let Some(all) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for part in all {
            if let Value::Object(members) = instance(part, random) {
                whole.extend(members);
            }
        }
        return Value::Object(whole);
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    match kinds.choose(random).and_then(Value::as_str) {
        Some("string") => {
            let length = random.random_range(0..9);
            (0..length)
                .map(|_| if random.random_bool(0.7) { 'x' } else { 'y' })
                .collect::<String>()
                .into()
        }
        Some("integer") => json!(random.random_range(-5..12)),
        Some("number") => json!(f64::from(random.random_range(-10..24)) / 2.0),
        Some("boolean") => json!(random.random_bool(0.5)),
        Some("null") => Value::Null,
        Some("array") => items(schema, random),
        _ => members(schema, random),
    }
}

fn items(schema: &Value, random: &mut StdRng) -> Value {
    let length = random.random_range(0..4);
    let item = |index: usize| schema["prefixItems"].get(index).unwrap_or(&schema["items"]).clone();
    (0..length).map(|index| instance(&item(index), random)).collect()
}

fn members(schema: &Value, random: &mut StdRng) -> Value {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut whole = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if required.contains(&json!(name)) || random.random_bool(0.6) {
            whole.insert(name.clone(), instance(property, random));
        }
    }
    if schema["additionalProperties"].is_object() && random.random_bool(0.4) {
        let name = NAMES.choose(random).copied().unwrap_or("more");
        if !whole.contains_key(name) && schema["properties"].get(name).is_none() {
            whole.insert(name.to_owned(), instance(&schema["additionalProperties"], random));
        }
    }
    Value::Object(whole)
}
