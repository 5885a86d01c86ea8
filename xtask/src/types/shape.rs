//! What a schema describes, as far as types of a language can say it. Limits and patterns are not part of it.

use serde_json::Value;

/// An object with named fields.
#[derive(Debug, PartialEq)]
pub(crate) struct Record(pub(crate) Vec<Field>);

#[derive(Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) about: Option<String>,
    pub(crate) shape: Shape,
    /// It may be left out.
    pub(crate) is_optional: bool,
    /// It may be null.
    pub(crate) is_nullable: bool,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Shape {
    Text,
    /// A moment in RFC 3339.
    Moment,
    /// A day of the calendar.
    Day,
    Uuid,
    /// One of some words. Of an open list a reader must bear others: more may come.
    Words {
        words: Vec<String>,
        is_open: bool,
    },
    Integer {
        is_negative_too: bool,
    },
    Number,
    Flag,
    List(Box<Shape>),
    Map(Box<Shape>),
    Record(Record),
}

/// The fields of an object; what cannot be told says where it is.
pub(crate) fn record(schema: &Value, path: &str) -> Result<Record, String> {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let fields = properties.map(|(name, property)| {
        let (kind, is_nullable) = kind(property);
        Ok(Field {
            name: name.clone(),
            about: property["description"].as_str().map(str::to_owned),
            shape: shape(property, kind, &format!("{path}.{name}"))?,
            is_optional: !required.contains(&name.as_str()),
            is_nullable,
        })
    });
    Ok(Record(fields.collect::<Result<_, String>>()?))
}

/// The type that a schema names or means, and whether null may be there instead.
fn kind(schema: &Value) -> (Option<&str>, bool) {
    let Some(kinds) = schema["type"].as_array() else {
        // A list of words says by itself that it is of texts.
        let has_words = schema["enum"].is_array() || schema["const"].is_string();
        return (schema["type"].as_str().or(has_words.then_some("string")), false);
    };
    let others: Vec<&str> =
        kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect();
    let only = if let [only] = others[..] { Some(only) } else { None };
    (only, others.len() < kinds.len())
}

fn shape(schema: &Value, kind: Option<&str>, path: &str) -> Result<Shape, String> {
    let of = |inner: &Value, path: String| shape(inner, self::kind(inner).0, &path).map(Box::new);
    match kind {
        Some("string") => Ok(text(schema)),
        Some("integer") => Ok(Shape::Integer {
            is_negative_too: schema["minimum"].as_i64().is_none_or(|least| least < 0),
        }),
        Some("number") => Ok(Shape::Number),
        Some("boolean") => Ok(Shape::Flag),
        Some("array") => Ok(Shape::List(of(&schema["items"], format!("{path}[]"))?)),
        Some("object") if schema["additionalProperties"].is_object() => {
            Ok(Shape::Map(of(&schema["additionalProperties"], format!("{path}.*"))?))
        }
        Some("object") => Ok(Shape::Record(record(schema, path)?)),
        _ => Err(format!("{path}: no type can be made of it")),
    }
}

fn text(schema: &Value) -> Shape {
    let constant = schema.get("const").into_iter();
    let values = schema["enum"].as_array().into_iter().flatten();
    let words: Vec<String> =
        values.chain(constant).filter_map(Value::as_str).map(str::to_owned).collect();
    if !words.is_empty() {
        return Shape::Words { words, is_open: schema["x-extensible"] == true };
    }
    match schema["format"].as_str() {
        Some("date-time") => Shape::Moment,
        Some("date") => Shape::Day,
        Some("uuid") => Shape::Uuid,
        _ => Shape::Text,
    }
}
