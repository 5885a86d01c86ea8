//! Whether a default is a value of its field.

use serde_json::Value;

use super::types::{Body, Document, Primitive, Shape, Type};

/// Holds a default against its type; says what is wrong. A union's default is of its first type, which all readers know;
/// version 1.12 of the specification lets it be of any, and readers of version 1.11 refuse the schema.
pub(crate) fn check(document: &Document, of: &Type, default: &Value) -> Result<(), String> {
    let wrong = || Err(format!("{default} is no {of}"));
    let fits = match (&of.shape, default) {
        (Shape::Union(branches), _) => {
            let Some(first) = branches.first() else { return wrong() };
            return check(document, first, default).map_err(|_| {
                format!(
                    "{default} is not of the first type of {of}; put the default's type first, as older readers want it"
                )
            });
        }
        (Shape::Primitive(primitive), _) => fits(*primitive, default),
        (Shape::List(items), Value::Array(values)) => {
            return values.iter().try_for_each(|value| check(document, items, value));
        }
        (Shape::Map(of), Value::Object(members)) => {
            return members.values().try_for_each(|value| check(document, of, value));
        }
        (Shape::Named(name), _) => match (&document.body(name).body, default) {
            (Body::Enum { symbols, .. }, Value::String(word)) => symbols.contains(word),
            (Body::Fixed { size, .. }, Value::String(text)) => {
                u64::try_from(text.chars().count()).is_ok_and(|count| count == *size)
                    && are_bytes(text)
            }
            (Body::Record(fields), Value::Object(members)) => {
                return fields.iter().try_for_each(|field| {
                    match (members.get(&field.name), &field.default) {
                        (Some(value), _) => check(document, &field.of, value),
                        (None, Some(_)) => Ok(()),
                        (None, None) => Err(format!("{default} lacks the field `{}`", field.name)),
                    }
                });
            }
            _ => false,
        },
        _ => false,
    };
    if fits { Ok(()) } else { wrong() }
}

fn fits(primitive: Primitive, default: &Value) -> bool {
    match (primitive, default) {
        (Primitive::Null, Value::Null)
        | (Primitive::Boolean, Value::Bool(_))
        | (Primitive::Text, Value::String(_))
        | (Primitive::Float | Primitive::Double, Value::Number(_)) => true,
        (Primitive::Int, Value::Number(number)) => {
            number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
        }
        (Primitive::Long, Value::Number(number)) => number.as_i64().is_some(),
        (Primitive::Bytes, Value::String(text)) => are_bytes(text),
        _ => false,
    }
}

/// Bytes are written as the letters of these numbers, up to 255.
fn are_bytes(text: &str) -> bool {
    text.chars().all(|letter| u32::from(letter) < 256)
}
