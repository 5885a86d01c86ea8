//! JSON as protobuf's own mapping allows it, made into what the generated types read: a field may be `null` where it
//! could be missing, and an empty list may be missing in a value.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a message.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    let mut value: Value = serde_json::from_slice(body)?;
    complete(&mut value);
    serde_json::from_value(value)
}

/// As deep as the parser went, which has a limit.
fn complete(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(complete),
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            for (name, value) in fields.iter_mut() {
                if matches!(name.as_str(), "arrayValue" | "kvlistValue") {
                    with_values(value);
                }
                complete(value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn with_values(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.entry("values").or_insert_with(|| Value::Array(Vec::new()));
    }
}
