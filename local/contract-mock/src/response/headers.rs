//! The headers of a response, from their examples.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, TRANSFER_ENCODING},
};
use serde_json::Value;

use super::{Chosen, Shown};
use crate::{made_up, reading::escaped, schemas::Schemas};

/// Adds those that the contract names and an example or a schema has a value for.
pub(super) fn add(
    schemas: &Schemas,
    chosen: &Chosen,
    path: &str,
    shown: Option<&Shown>,
    headers: &mut HeaderMap,
) {
    let at = format!("{}/headers", chosen.pointer);
    for (name, _) in schemas.value(&at).as_object().into_iter().flatten() {
        let Ok(header) = HeaderName::try_from(name.as_str()) else { continue };
        if [CONTENT_TYPE, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&header) {
            continue;
        }
        let pointer = format!("{at}/{}", escaped(name));
        let value = example(schemas, &pointer).map(|value| text(&value)).or_else(|| {
            if header == LOCATION {
                return Some(place_of(path, shown));
            }
            let schema = schemas.child(&pointer, "schema")?;
            made_up::value(schemas, &schema).ok().map(|value| text(&value))
        });
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(header, value);
        }
    }
}

fn example(schemas: &Schemas, pointer: &str) -> Option<Value> {
    let header = schemas.value(pointer);
    let first = header["examples"].as_object().and_then(|examples| examples.keys().next());
    let named = first.map(|name| schemas.value(&format!("{pointer}/examples/{}", escaped(name))));
    header.get("example").or_else(|| named?.get("value")).cloned()
}

/// Where the thing in the answer would be: below the path, by its id.
fn place_of(path: &str, shown: Option<&Shown>) -> String {
    match shown.and_then(|shown| shown.value["id"].as_str()) {
        Some(id) if !path.ends_with(&format!("/{id}")) => {
            let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
            format!("{}/{}", path.trim_end_matches('/'), id.to_string().replace("%2D", "-"))
        }
        _ => path.to_owned(),
    }
}

/// As the style `simple` writes it.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let pair = |(name, value): (&String, &Value)| format!("{name},{}", text(value));
            members.iter().map(pair).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}
