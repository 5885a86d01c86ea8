//! Reading messages into types, with errors that name the place and never the value: reasons go
//! into logs, and a message may hold personal data.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// Reads JSON text.
pub(crate) fn from_text<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| problem(error.path(), error.inner()))?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// Reads a JSON value.
pub(crate) fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|error| problem(error.path(), error.inner()))
}

fn problem(path: &Path, error: &serde_json::Error) -> String {
    let text = without_value(&error.to_string());
    // The name of a field that nobody knows is the sender's own text.
    let of_sender = usize::from(text.starts_with("unknown field"));
    let mut place = String::new();
    for segment in path.iter().take(path.iter().count().saturating_sub(of_sender)) {
        if !place.is_empty() && !matches!(segment, Segment::Seq { .. }) {
            place.push('.');
        }
        place.push_str(&segment.to_string());
    }
    if place.is_empty() { text } else { format!("{place}: {text}") }
}

/// serde puts the offending value between these beginnings and what it expected.
fn without_value(text: &str) -> String {
    let beginnings = ["invalid type", "invalid value", "unknown variant", "unknown field"];
    match beginnings.iter().find(|beginning| text.starts_with(**beginning)) {
        Some(beginning) => {
            let expected = text.rfind(", expected ").map_or("", |at| &text[at..]);
            format!("{beginning}{expected}")
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Person {
        age: u8,
        #[serde(default)]
        kind: Option<Kind>,
    }

    #[derive(Debug, Deserialize)]
    enum Kind {
        Customer,
    }

    #[test]
    fn an_error_names_the_place_and_what_was_expected_but_not_the_value() {
        let cases = [
            (json!({ "age": "Ada, expected secret" }), "age: invalid type, expected u8"),
            (json!({ "age": 300 }), "age: invalid value, expected u8"),
            (json!({ "age": 1, "kind": "secret" }), "kind: unknown variant, expected `Customer`"),
            (json!({ "age": 1, "secret": 1 }), "unknown field, expected `age` or `kind`"),
            (json!({}), "missing field `age`"),
        ];
        for (value, expected) in cases {
            let error = from_value::<Person>(&value).unwrap_err();
            assert!(error.ends_with(expected), "{error}");
            let error = from_text::<Person>(value.to_string().as_bytes()).unwrap_err();
            assert!(error.contains(expected) && !error.contains("Ada"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn text_after_the_value_is_refused() {
        assert!(from_text::<Value>(b"{} {}").unwrap_err().contains("trailing characters"));
    }
}
