//! Bodies that are no JSON: forms, text and bytes.

use serde_json::{Map, Value};

use super::{media, scalar};
use crate::schemas::{BadSchema, Schemas};

/// The body as the value that its schema speaks of; nothing where a schema can say nothing of it.
pub(super) fn read(
    schemas: &Schemas,
    schema: Option<&str>,
    content_type: &str,
    body: &[u8],
) -> Result<Option<Value>, BadSchema> {
    let Some(schema) = schema else { return Ok(None) };
    match media::essence(content_type).as_str() {
        "application/x-www-form-urlencoded" => {
            let fields = form_urlencoded::parse(body)
                .map(|(name, value)| (name.into_owned(), value.into_owned()));
            object(schemas, schema, fields).map(Some)
        }
        "multipart/form-data" => {
            object(schemas, schema, parts(content_type, body).into_iter()).map(Some)
        }
        essence if essence.starts_with("text/") => {
            let text = String::from_utf8_lossy(body);
            scalar::value(schemas, schema, &text).map(Some)
        }
        _ => Ok(None),
    }
}

/// A form as an object: a field that is an array, or given again, is a list.
fn object(
    schemas: &Schemas,
    schema: &str,
    fields: impl Iterator<Item = (String, String)>,
) -> Result<Value, BadSchema> {
    let properties = schemas.properties(schema);
    let mut object: Map<String, Value> = Map::new();
    for (name, text) in fields {
        let own =
            properties.iter().find(|(known, _)| *known == name).map(|(_, schema)| schema.as_str());
        let types = own.map(|own| schemas.types(own)).unwrap_or_default();
        let items = own.filter(|_| types.contains("array")).and_then(|own| schemas.items(own));
        let value = match items.as_deref().or(own) {
            // A part of a form that is an object is JSON.
            Some(_) if types.contains("object") => {
                serde_json::from_str(&text).unwrap_or(Value::String(text))
            }
            Some(schema) => scalar::value(schemas, schema, &text)?,
            None => Value::String(text),
        };
        match object.get_mut(&name) {
            Some(Value::Array(list)) => list.push(value),
            Some(other) => *other = Value::Array(vec![other.take(), value]),
            None if items.is_some() => {
                object.insert(name, Value::Array(vec![value]));
            }
            None => {
                object.insert(name, value);
            }
        }
    }
    Ok(Value::Object(object))
}

/// The fields of a multipart form (RFC 7578); what is no UTF-8 comes as text that only has its length right enough.
fn parts(content_type: &str, body: &[u8]) -> Vec<(String, String)> {
    let Some((_, boundary)) = content_type.split_once("boundary=") else { return Vec::new() };
    let boundary = boundary.split(';').next().unwrap_or_default().trim().trim_matches('"');
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    let part = |part: &str| {
        let (head, content) = part.split_once("\r\n\r\n")?;
        let (_, name) = head.split_once(" name=\"")?;
        let name = name.split('"').next()?;
        Some((name.to_owned(), content.strip_suffix("\r\n").unwrap_or(content).to_owned()))
    };
    text.split(&delimiter).filter_map(part).collect()
}
