//! Cosmos DB outputs: a collector of JSON objects, each upserted on its own.

use serde_json::Value;

use super::{OutputError, OutputValue, collector};

/// The documents that a value becomes. **Base64, plain text and scalars make a null document, which fails**, and so
/// does any element of an array that is no object.
pub fn documents(binding: &str, value: &OutputValue) -> Result<Vec<Value>, OutputError> {
    let json = match value {
        OutputValue::Bytes(_) => {
            return Err(not_a_document(binding, "a string that was decoded as base64"));
        }
        OutputValue::Json(Value::String(text)) if collector::looks_like_json(text) => {
            collector::parse(binding, text)?
        }
        OutputValue::Json(json) => json.clone(),
    };
    match json {
        Value::Null => Ok(Vec::new()),
        Value::Array(elements) => {
            elements.into_iter().map(|element| document(binding, element)).collect()
        }
        single => Ok(vec![document(binding, single)?]),
    }
}

fn document(binding: &str, value: Value) -> Result<Value, OutputError> {
    let found = match value {
        Value::Object(_) => return Ok(value),
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array inside an array",
    };
    Err(not_a_document(binding, found))
}

fn not_a_document(binding: &str, found: &'static str) -> OutputError {
    OutputError::NotADocument { binding: binding.to_owned(), found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(value: Value) -> Result<Vec<Value>, OutputError> {
        documents("doc", &OutputValue::bind(&value, None))
    }

    #[test]
    fn an_object_or_its_text_is_one_document() {
        assert_eq!(of(json!({"id": "1"})), Ok(vec![json!({"id": "1"})]));
        assert_eq!(of(json!("{\"id\":\"1\"}")), Ok(vec![json!({"id": "1"})]));
    }

    #[test]
    fn an_array_or_its_text_is_one_document_per_object() {
        let two = vec![json!({"id": "1"}), json!({"id": "2"})];
        assert_eq!(of(json!([{"id": "1"}, {"id": "2"}])), Ok(two.clone()));
        assert_eq!(of(json!("[{\"id\":\"1\"},{\"id\":\"2\"}]")), Ok(two));
        assert_eq!(of(json!([])), Ok(vec![]));
    }

    #[test]
    fn base64_fails_also_when_it_holds_a_document() {
        assert_eq!(
            of(json!("eyJpZCI6IjEifQ==")),
            Err(not_a_document("doc", "a string that was decoded as base64"))
        );
    }

    #[test]
    fn text_scalars_and_arrays_of_them_fail() {
        for value in [
            json!("hello"),
            json!(1),
            json!(true),
            json!([1]),
            json!(["{}"]),
            json!([[{}]]),
            json!([null]),
        ] {
            assert!(matches!(of(value.clone()), Err(OutputError::NotADocument { .. })), "{value}");
        }
        assert!(matches!(of(json!("{broken}")), Err(OutputError::NotJson { .. })));
    }
}
