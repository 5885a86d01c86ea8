//! Blob outputs: the value's bytes, in the way of a stream.

use serde_json::{Number, Value};

use super::{OutputError, OutputValue};
use crate::envelope::json_net;

/// The content that a value becomes; `None` = nothing is written. Text is taken literally, containers are compact
/// JSON, and **numbers and booleans are their raw little-endian bytes**.
pub fn content(binding: &str, value: &OutputValue) -> Result<Option<Vec<u8>>, OutputError> {
    Ok(match value {
        OutputValue::Bytes(bytes) => Some(bytes.clone()),
        OutputValue::Json(Value::Null) => None,
        OutputValue::Json(Value::String(text)) => Some(text.clone().into_bytes()),
        OutputValue::Json(Value::Bool(value)) => Some(vec![u8::from(*value)]),
        OutputValue::Json(Value::Number(number)) => Some(raw(binding, number)?),
        OutputValue::Json(container) => Some(json_net::compact(container).into_bytes()),
    })
}

/// The host keeps the low 32 bits of an integer, and all 64 of a float.
fn raw(binding: &str, number: &Number) -> Result<Vec<u8>, OutputError> {
    if let Some(integer) = number.as_i64() {
        return Ok(integer.to_le_bytes()[..4].to_vec());
    }
    let too_large =
        || OutputError::NumberTooLarge { binding: binding.to_owned(), number: number.to_string() };
    if number.is_u64() {
        return Err(too_large());
    }
    Ok(number.as_f64().ok_or_else(too_large)?.to_le_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(value: Value) -> Option<Vec<u8>> {
        content("blob", &OutputValue::bind(&value, None)).unwrap()
    }

    fn text(text: &str) -> Option<Vec<u8>> {
        Some(text.as_bytes().to_vec())
    }

    #[test]
    fn strings_are_bytes_or_literal_text() {
        assert_eq!(of(json!("aGk=")), text("hi"));
        assert_eq!(of(json!("hello")), text("hello"));
        for literal in ["[1, 2]", "{ \"a\": 1 }", "{broken}"] {
            assert_eq!(of(json!(literal)), text(literal));
        }
    }

    #[test]
    fn containers_are_compact_json_and_never_split() {
        assert_eq!(of(json!({"b": 1, "a": [2]})), text("{\"b\":1,\"a\":[2]}"));
        assert_eq!(of(json!(["a", "b"])), text("[\"a\",\"b\"]"));
        assert_eq!(of(json!([])), text("[]"));
    }

    #[test]
    fn numbers_and_booleans_are_raw_bytes() {
        assert_eq!(of(json!(1)), Some(vec![1, 0, 0, 0]));
        assert_eq!(of(json!(-2)), Some(vec![254, 255, 255, 255]));
        assert_eq!(of(json!(4_294_967_297_i64)), Some(vec![1, 0, 0, 0]));
        assert_eq!(of(json!(1.5)), Some(1.5_f64.to_le_bytes().to_vec()));
        assert_eq!(of(json!(true)), Some(vec![1]));
        let too_large = content("blob", &OutputValue::Json(json!(u64::MAX)));
        assert!(matches!(too_large, Err(OutputError::NumberTooLarge { .. })));
    }

    #[test]
    fn null_writes_no_blob() {
        assert_eq!(of(json!(null)), None);
    }
}
