use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use function_json::{Cardinality, DataType, FunctionJson, Input, Trigger};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Envelope, EnvelopeError};
use crate::decoding;
use crate::outcome::Failure;

/// A value as it was before the host wrapped it.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// Text, exactly.
    Text(String),
    /// Bytes, exactly.
    Bytes(Bytes),
    /// A value that reached the host as JSON.
    Json(Value),
}

impl Payload {
    /// The text: of text itself, of bytes that are UTF-8, of a JSON string. `None` for the rest.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            Self::Json(value) => value.as_str(),
        }
    }

    /// The bytes; of JSON its compact text.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.as_bytes()),
            Self::Bytes(bytes) => Cow::Borrowed(bytes),
            Self::Json(value) => Cow::Owned(value.to_string().into_bytes()),
        }
    }

    /// The content read as JSON. What does not fit a type now will not fit it at the next attempt:
    /// the failure is one to give up, with the place that does not fit, but not the value there.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let read = match self {
            Self::Json(value) => decoding::from_value(value),
            _ => decoding::from_text(&self.bytes()),
        };
        read.map_err(|error| {
            Failure::give_up(format!("the message is not what this function reads: {error}"))
        })
    }
}

impl fmt::Display for Payload {
    /// Text and JSON as they are, bytes that are not UTF-8 as base64.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.text()) {
            (Self::Json(value), _) => write!(f, "{value}"),
            (_, Some(text)) => f.write_str(text),
            (other, None) => f.write_str(&STANDARD.encode(other.bytes())),
        }
    }
}

/// The trigger's value, unwrapped by what the trigger is.
pub(crate) fn trigger_value(
    function: &FunctionJson,
    envelope: &Envelope,
) -> Result<Payload, EnvelopeError> {
    let name = &function.trigger_name;
    let raw = envelope
        .data
        .get(name)
        .ok_or_else(|| EnvelopeError(format!("`Data` has no value `{name}`")))?;
    let decoded = match &function.trigger {
        Trigger::Queue(queue) => text_or_bytes(raw, queue.data_type),
        Trigger::EventHub(hub) if hub.cardinality == Cardinality::One => {
            text_or_bytes(raw, hub.data_type)
        }
        Trigger::Kafka(kafka) if kafka.cardinality == Cardinality::One => {
            text_or_bytes(raw, kafka.data_type)
        }
        Trigger::EventHub(_) | Trigger::Kafka(_) | Trigger::CosmosDb(_) => {
            json(raw).map(Payload::Json)
        }
        Trigger::EventGrid(_) | Trigger::Timer(_) => json(raw).map(Payload::Json),
        Trigger::Blob(_) => bytes(raw).map(Payload::Bytes),
        Trigger::Http(_) => Ok(Payload::Json(raw.clone())),
    };
    decoded.map_err(|problem| {
        EnvelopeError(format!("value `{name}` of {}: {problem}", function.trigger.kind()))
    })
}

/// The values of the other input bindings.
pub(crate) fn input_values(
    function: &FunctionJson,
    envelope: &Envelope,
) -> Result<BTreeMap<String, Payload>, EnvelopeError> {
    let mut values = BTreeMap::new();
    for binding in &function.inputs {
        let Some(raw) = envelope.data.get(&binding.name) else { continue };
        let is_blob = matches!(binding.kind, Input::Blob { .. });
        // A missing blob arrives as the text `null`, whatever the type.
        let decoded = match (is_blob, raw.as_str()) {
            (true, Some("null")) => Ok(Payload::Json(Value::Null)),
            (true, _) => text_or_bytes(raw, binding.data_type),
            (false, _) => json(raw).map(Payload::Json),
        };
        let decoded = decoded
            .map_err(|problem| EnvelopeError(format!("value `{}`: {problem}", binding.name)))?;
        values.insert(binding.name.clone(), decoded);
    }
    Ok(values)
}

fn text_or_bytes(raw: &Value, data_type: Option<DataType>) -> Result<Payload, String> {
    match data_type {
        Some(DataType::Binary | DataType::Stream) => bytes(raw).map(Payload::Bytes),
        Some(DataType::String) | None => text(raw).map(Payload::Text),
    }
}

/// A string inside a string.
fn text(raw: &Value) -> Result<String, String> {
    let quoted = raw.as_str().ok_or("it is not a string")?;
    serde_json::from_str(quoted)
        .map_err(|error| format!("the string does not hold a quoted string: {error}"))
}

/// Bare base64.
pub(crate) fn bytes(raw: &Value) -> Result<Bytes, String> {
    let encoded = raw.as_str().ok_or("it is not a string")?;
    STANDARD.decode(encoded).map(Bytes::from).map_err(|error| format!("it is not base64: {error}"))
}

/// An object, or JSON text in one string or in a string inside a string: a change feed comes in
/// two, an array of events in one.
fn json(raw: &Value) -> Result<Value, String> {
    let mut value = Cow::Borrowed(raw);
    for _ in 0..2 {
        let Value::String(text) = value.as_ref() else { break };
        value = serde_json::from_str(text)
            .map(Cow::Owned)
            .map_err(|error| format!("the string does not hold JSON: {error}"))?;
    }
    Ok(value.into_owned())
}
