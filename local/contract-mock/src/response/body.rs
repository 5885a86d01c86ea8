//! What a response shows: an example of the contract, or a value that keeps its schema.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Chosen, Shown, unknown_example};
use crate::{
    made_up,
    reading::escaped,
    request::{Refusal, media},
    schemas::{BadSchema, Schemas},
};

/// What stands for a type of which the contract only says the kind.
const ANY_TYPE: &str = "application/octet-stream";

pub(super) fn shown(
    schemas: &Schemas,
    at: &str,
    media: String,
    wanted: Option<&str>,
) -> Result<Shown, Refusal> {
    let content = schemas.value(at);
    let schema = schemas.child(at, "schema");
    let names: Vec<String> = content["examples"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    let named = |name: &str| schemas.value(&format!("{at}/examples/{}", escaped(name)));
    let example = match wanted {
        Some(name) if names.iter().any(|known| known == name) => named(name).get("value"),
        Some(name) => {
            let status = at
                .split("/content/")
                .next()
                .and_then(|at| at.rsplit('/').next())
                .unwrap_or_default();
            let chosen =
                Chosen { status: status.parse().unwrap_or_default(), pointer: String::new() };
            return Err(Refusal::Client(unknown_example(name, &chosen, &names)));
        }
        None => content
            .get("example")
            .or_else(|| names.first().and_then(|name| named(name).get("value"))),
    };
    let media = if media.contains('*') { concrete(&media) } else { media };
    match (example, schema) {
        (Some(example), schema) => {
            let complaint =
                schema.map(|schema| complaint(schemas, &schema, example)).transpose()?.flatten();
            Ok(Shown { media, value: example.clone(), complaint })
        }
        (None, Some(schema)) => {
            // Bytes and texts have no members to show.
            let is_text = !media::is_json(&media) && schemas.types(&schema).contains("string");
            let value = if is_text && schemas.value(&schema)["format"] == "binary" {
                Value::String(String::new())
            } else {
                made_up::value(schemas, &schema)?
            };
            Ok(Shown { media, value, complaint: None })
        }
        (None, None) => {
            let value = if media::is_json(&media) { json!({}) } else { Value::Null };
            Ok(Shown { media, value, complaint: None })
        }
    }
}

/// An example that is not as its schema says is shown all the same: its author will see it.
fn complaint(
    schemas: &Schemas,
    schema: &str,
    example: &Value,
) -> Result<Option<String>, BadSchema> {
    let deviations = schemas.deviations(schema, example)?;
    let Some(first) = deviations.first() else { return Ok(None) };
    let place = if first.pointer.is_empty() { "it" } else { &first.pointer };
    Ok(Some(format!("its example is not as its schema says: {place} {}", first.detail)))
}

fn concrete(range: &str) -> String {
    match range.split('/').next() {
        Some("text") => "text/plain".to_owned(),
        Some("image") => "image/png".to_owned(),
        _ => ANY_TYPE.to_owned(),
    }
}

/// JSON as JSON; a text of another type as it is.
pub(super) fn bytes(shown: &Shown) -> Bytes {
    match &shown.value {
        Value::String(text) if !media::is_json(&shown.media) => Bytes::from(text.clone()),
        Value::Null if !media::is_json(&shown.media) => Bytes::new(),
        value => Bytes::from(value.to_string()),
    }
}
