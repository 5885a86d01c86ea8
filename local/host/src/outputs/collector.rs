//! Queue and event hub outputs: collectors of byte arrays.

use serde_json::Value;

use super::{OutputError, OutputValue};
use crate::envelope::json_net;

/// The messages that a value becomes.
///
/// Bytes (decoded base64) are one message, never split. **An array, and a string that looks like one, is one message
/// per element**; objects are written indented, scalars in .NET's words.
pub fn messages(binding: &str, value: &OutputValue) -> Result<Vec<Vec<u8>>, OutputError> {
    let json = match value {
        OutputValue::Bytes(bytes) => return Ok(vec![bytes.clone()]),
        OutputValue::Json(Value::String(text)) if looks_like_json(text) => parse(binding, text)?,
        OutputValue::Json(json) => json.clone(),
    };
    let of = |element: &Value| json_net::display(element).into_bytes();
    Ok(match &json {
        Value::Null => Vec::new(),
        Value::Array(elements) => elements.iter().map(of).collect(),
        single => vec![of(single)],
    })
}

/// The host's own test, which looks at the ends only.
pub(crate) fn looks_like_json(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with('{') && text.ends_with('}')) || (text.starts_with('[') && text.ends_with(']'))
}

pub(crate) fn parse(binding: &str, text: &str) -> Result<Value, OutputError> {
    serde_json::from_str(text).map_err(|error| OutputError::NotJson {
        binding: binding.to_owned(),
        why: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(value: Value) -> Result<Vec<String>, OutputError> {
        let bound = OutputValue::bind(&value, None);
        Ok(messages("out", &bound)?
            .into_iter()
            .map(|bytes| String::from_utf8(bytes).unwrap())
            .collect())
    }

    #[test]
    fn decoded_base64_is_one_message_and_never_split() {
        assert_eq!(of(json!("WzEsMl0=")), Ok(vec!["[1,2]".to_owned()]));
        assert_eq!(of(json!("")), Ok(vec![String::new()]));
    }

    #[test]
    fn other_text_is_one_message() {
        assert_eq!(of(json!("hello")), Ok(vec!["hello".to_owned()]));
        assert_eq!(of(json!("[half")), Ok(vec!["[half".to_owned()]));
    }

    #[test]
    fn a_string_that_looks_like_an_array_is_one_message_per_element() {
        assert_eq!(
            of(json!(" [\"a\", 1, {\"b\":2}] ")),
            Ok(vec!["a".into(), "1".into(), "{\n  \"b\": 2\n}".into()])
        );
    }

    #[test]
    fn a_string_that_looks_like_an_object_is_parsed_and_indented() {
        assert_eq!(
            of(json!("{\"b\":2,\"a\":1}")),
            Ok(vec!["{\n  \"b\": 2,\n  \"a\": 1\n}".to_owned()])
        );
    }

    #[test]
    fn text_in_braces_that_is_no_json_fails() {
        for text in ["{not json}", "[1,]", "{\"a\":1}}"] {
            assert!(matches!(of(json!(text)), Err(OutputError::NotJson { .. })), "{text}");
        }
    }

    #[test]
    fn an_object_is_one_indented_message() {
        assert_eq!(of(json!({"n": 2})), Ok(vec!["{\n  \"n\": 2\n}".to_owned()]));
    }

    #[test]
    fn an_array_is_one_message_per_element_with_strings_verbatim() {
        let value = json!(["test", "[1]", {"a": 1}, [1], 2, true, null]);
        let expected = ["test", "[1]", "{\n  \"a\": 1\n}", "[\n  1\n]", "2", "True", ""];
        assert_eq!(of(value), Ok(expected.map(str::to_owned).to_vec()));
    }

    #[test]
    fn an_empty_array_is_no_message() {
        assert_eq!(of(json!([])), Ok(vec![]));
        assert_eq!(of(json!("[]")), Ok(vec![]));
    }

    #[test]
    fn numbers_and_booleans_are_their_text() {
        assert_eq!(of(json!(12)), Ok(vec!["12".to_owned()]));
        assert_eq!(of(json!(1.5)), Ok(vec!["1.5".to_owned()]));
        assert_eq!(of(json!(false)), Ok(vec!["False".to_owned()]));
    }

    #[test]
    fn with_data_type_binary_base64_text_is_written_as_base64_text() {
        let bound = OutputValue::bind(&json!("aGk="), Some(function_json::DataType::Binary));
        assert_eq!(messages("out", &bound), Ok(vec![b"aGk=".to_vec()]));
    }
}
