//! OTLP's values as JSON.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use serde_json::Value;

use crate::telemetry::model::Attributes;

pub(super) fn attributes(pairs: Vec<KeyValue>) -> Attributes {
    pairs.into_iter().map(|pair| (pair.key, json(pair.value))).collect()
}

pub(super) fn json(value: Option<AnyValue>) -> Value {
    match value.and_then(|value| value.value) {
        None => Value::Null,
        Some(any_value::Value::StringValue(text)) => text.into(),
        Some(any_value::Value::BoolValue(value)) => value.into(),
        Some(any_value::Value::IntValue(number)) => number.into(),
        Some(any_value::Value::DoubleValue(number)) => real(number),
        Some(any_value::Value::ArrayValue(array)) => {
            array.values.into_iter().map(|value| json(Some(value))).collect()
        }
        Some(any_value::Value::KvlistValue(list)) => attributes(list.values).into(),
        Some(any_value::Value::BytesValue(bytes)) => BASE64_STANDARD.encode(bytes).into(),
        // An index into a table that only profiles have.
        Some(any_value::Value::StringValueStrindex(index)) => index.into(),
    }
}

/// JSON has no word for infinity or not-a-number: a text says so.
fn real(number: f64) -> Value {
    serde_json::Number::from_f64(number).map_or_else(|| number.to_string().into(), Value::Number)
}
