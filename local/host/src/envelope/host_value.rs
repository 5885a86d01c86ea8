//! The value-encoding rule: how a .NET value becomes a JSON value in `Data` and `Metadata`.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::Value;

use super::{json_net, moment};

/// A value in the host, before it is put into an envelope.
#[derive(Clone, Debug, PartialEq)]
pub enum HostValue {
    /// A .NET string.
    Text(String),
    /// A .NET `byte[]`.
    Bytes(Vec<u8>),
    /// A .NET `DateTimeOffset`.
    DateTimeOffset(Timestamp),
    /// A .NET `DateTime`.
    DateTime(Timestamp),
    /// Anything else, by its JSON: numbers, arrays, null, and whatever serialises to an object.
    Json(Value),
}

impl HostValue {
    /// The rule: bytes are bare base64, moments are cut to whole seconds, objects are themselves, and **everything
    /// else is a string that holds the value's JSON text**, so a string is quoted twice.
    pub fn encode(&self) -> Value {
        match self {
            Self::Bytes(bytes) => Value::String(STANDARD.encode(bytes)),
            Self::DateTimeOffset(moment) => Value::String(moment::offset_seconds(*moment)),
            Self::DateTime(moment) => Value::String(moment::zoneless_seconds(*moment)),
            Self::Json(object @ Value::Object(_)) => object.clone(),
            Self::Json(other) => Value::String(json_net::compact(other)),
            Self::Text(text) => Value::String(json_net::compact(&Value::String(text.clone()))),
        }
    }

    /// The text that replaces a `{token}` in a binding's path; bytes have none.
    pub(crate) fn as_token(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Bytes(_) => None,
            Self::DateTimeOffset(moment) | Self::DateTime(moment) => {
                Some(moment::utc_ticks(*moment))
            }
            Self::Json(value) => Some(json_net::display(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_objects_arrive_as_they_are() {
        let moment = "2026-01-02T03:04:05.9Z".parse().unwrap();
        for (value, encoded) in [
            (HostValue::Text("hi".into()), json!("\"hi\"")),
            (HostValue::Text(r#"{"a":1}"#.into()), json!(r#""{\"a\":1}""#)),
            (HostValue::Text(String::new()), json!("\"\"")),
            (HostValue::Json(json!(1)), json!("1")),
            (HostValue::Json(json!(true)), json!("true")),
            (HostValue::Json(json!([1, 2])), json!("[1,2]")),
            (HostValue::Json(json!(null)), json!("null")),
            (HostValue::Json(json!({"a": 1})), json!({"a": 1})),
            (HostValue::Bytes(b"hi".to_vec()), json!("aGk=")),
            (HostValue::DateTimeOffset(moment), json!("2026-01-02T03:04:05+00:00")),
            (HostValue::DateTime(moment), json!("2026-01-02T03:04:05")),
        ] {
            assert_eq!(value.encode(), encoded, "{value:?}");
        }
    }
}
