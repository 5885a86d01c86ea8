//! Structs and enums for serde, as rustfmt would have them.

use std::fmt::Write as _;

use super::{
    Data, pascal,
    shape::{Field, Record, Shape},
};

const HEAD: &str = "// Written by `cargo xtask types rust`. What a field must keep besides its type is in its schema.\n";

pub(super) fn written(all: &[Data]) -> String {
    let mut text = HEAD.to_owned();
    for data in all {
        let about = data.about.as_deref().unwrap_or_default();
        let about = format!("Data of `{}`. {about}", data.event_type);
        structure(&mut text, &data.name, about.trim(), &data.record);
    }
    text
}

/// What a type is made of and is declared after it, by name.
type Parts<'a> = Vec<(String, &'a Shape)>;

fn structure(text: &mut String, name: &str, about: &str, Record(fields): &Record) {
    let mut parts = Parts::new();
    let _ = writeln!(text, "\n/// {about}");
    text.push_str("#[derive(Debug, Clone, PartialEq, serde::Deserialize)]\n");
    text.push_str("#[serde(rename_all = \"camelCase\")]\n");
    let _ = writeln!(text, "pub struct {name} {{");
    for field in fields {
        if let Some(about) = &field.about {
            let _ = writeln!(text, "    /// {about}");
        }
        let _ = writeln!(
            text,
            "    pub {}: {},",
            identifier(&field.name),
            member(field, name, &mut parts)
        );
    }
    text.push_str("}\n");
    for (part, shape) in parts {
        match shape {
            Shape::Words { words, is_open } => enumeration(text, &part, name, words, *is_open),
            Shape::Record(record) => {
                structure(text, &part, &format!("A part of `{name}`."), record);
            }
            _ => {}
        }
    }
}

fn enumeration(text: &mut String, name: &str, of: &str, words: &[String], is_open: bool) {
    let _ = writeln!(text, "\n/// A value of `{of}`.");
    text.push_str("#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]\n");
    let _ = writeln!(text, "pub enum {name} {{");
    for word in words {
        let _ = writeln!(text, "    #[serde(rename = {word:?})]\n    {},", pascal(word));
    }
    if is_open {
        text.push_str("    /// One that came later.\n    #[serde(other)]\n    Other,\n");
    }
    text.push_str("}\n");
}

fn member<'a>(field: &'a Field, of: &str, parts: &mut Parts<'a>) -> String {
    let inner = type_of(&field.shape, &format!("{of}{}", pascal(&field.name)), parts);
    if field.is_optional || field.is_nullable { format!("Option<{inner}>") } else { inner }
}

fn type_of<'a>(shape: &'a Shape, name: &str, parts: &mut Parts<'a>) -> String {
    match shape {
        Shape::Text => "String".to_owned(),
        Shape::Moment => "jiff::Timestamp".to_owned(),
        Shape::Day => "jiff::civil::Date".to_owned(),
        Shape::Uuid => "uuid::Uuid".to_owned(),
        Shape::Integer { is_negative_too: true } => "i64".to_owned(),
        Shape::Integer { is_negative_too: false } => "u64".to_owned(),
        Shape::Number => "f64".to_owned(),
        Shape::Flag => "bool".to_owned(),
        Shape::List(inner) => format!("Vec<{}>", type_of(inner, &format!("{name}Item"), parts)),
        Shape::Map(inner) => {
            let inner = type_of(inner, &format!("{name}Value"), parts);
            format!("std::collections::BTreeMap<String, {inner}>")
        }
        Shape::Words { .. } | Shape::Record(_) => {
            parts.push((name.to_owned(), shape));
            name.to_owned()
        }
    }
}

/// Words that Rust keeps for itself and a schema may use.
const KEPT: [&str; 10] = ["as", "enum", "fn", "for", "in", "loop", "match", "move", "type", "use"];

/// `orderId` is `order_id`.
fn identifier(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    if KEPT.contains(&snake.as_str()) { format!("r#{snake}") } else { snake }
}
