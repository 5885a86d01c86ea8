//! Which value each output binding gets: `$return`, the object trap and the base64 trap.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};
use function_json::{DataType, Output, OutputBinding};
use serde_json::{Map, Value};

use super::HandlerResult;

const RETURN: &str = "$return";

/// What `Convert.FromBase64String` takes: padding required, stray bits in the last character allowed.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The value of one output binding.
#[derive(Clone, Debug, PartialEq)]
pub enum OutputValue {
    /// A string that looked like base64, and is now its bytes.
    Bytes(Vec<u8>),
    /// Anything else.
    Json(Value),
}

impl OutputValue {
    /// **The base64 trap**: unless the binding says `dataType: binary`, any whole string that *is* base64 becomes the
    /// bytes it stands for, also `test`, `12345678` and the empty string. Elements of arrays and members of objects
    /// are left alone.
    pub fn bind(value: &Value, data_type: Option<DataType>) -> Self {
        match value {
            Value::String(text) if data_type != Some(DataType::Binary) => match from_base64(text) {
                Some(bytes) => Self::Bytes(bytes),
                None => Self::Json(value.clone()),
            },
            other => Self::Json(other.clone()),
        }
    }
}

/// Bytes of a base64 text as .NET reads it: white space anywhere is skipped.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let packed: String = text.chars().filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n')).collect();
    LENIENT.decode(packed).ok()
}

/// The values of a result by binding.
pub(crate) struct Values<'a> {
    result: &'a HandlerResult,
    has_return: bool,
    /// **The object trap**: without an output called `$return`, the members of a `ReturnValue` object override
    /// `Outputs`, and are not tried as base64.
    overriding: Option<&'a Map<String, Value>>,
}

impl<'a> Values<'a> {
    pub(crate) fn new(result: &'a HandlerResult, bindings: &[OutputBinding]) -> Self {
        let has_return = bindings.iter().any(|binding| binding.name == RETURN);
        let overriding = if has_return { None } else { result.return_value.as_object() };
        Self { result, has_return, overriding }
    }

    /// The value of a binding, `None` when it has none or null. Not for the `http` output unless it is `$return`.
    pub(crate) fn of(&self, binding: &OutputBinding) -> Option<OutputValue> {
        if let Some(value) = self.overriding.and_then(|members| members.get(&binding.name)) {
            return (!value.is_null()).then(|| OutputValue::Json(value.clone()));
        }
        let value = match binding.name == RETURN
            && self.has_return
            && !self.result.return_value.is_null()
        {
            true => Some(&self.result.return_value),
            false => self.result.outputs.get(&binding.name),
        };
        value
            .filter(|value| !value.is_null())
            .map(|value| OutputValue::bind(value, binding.data_type))
    }

    /// The raw value of the named `http` output, which no base64 is tried on.
    pub(crate) fn response(&self, binding: &OutputBinding) -> Option<&'a Value> {
        self.overriding
            .and_then(|members| members.get(&binding.name))
            .or(self.result.outputs.get(&binding.name))
    }
}

/// Whether a binding is the `http` output with a name of its own.
pub(crate) fn is_named_http(binding: &OutputBinding) -> bool {
    binding.kind == Output::Http && binding.name != RETURN
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn bytes(text: &str) -> OutputValue {
        OutputValue::Bytes(text.as_bytes().to_vec())
    }

    fn queue(name: &str, data_type: Option<DataType>) -> OutputBinding {
        let kind = Output::Queue { queue_name: "q".into(), connection: "C".into() };
        OutputBinding { name: name.into(), data_type, kind }
    }

    fn result(outputs: Value, return_value: Value) -> HandlerResult {
        HandlerResult {
            outputs: outputs.as_object().unwrap().clone(),
            logs: Vec::new(),
            return_value,
        }
    }

    #[test]
    fn every_string_that_happens_to_be_base64_is_decoded() {
        for (text, decoded) in [
            ("aGVsbG8=", &b"hello"[..]),
            ("test", &[0xb5, 0xeb, 0x2d]),
            ("abcd", &[0x69, 0xb7, 0x1d]),
            ("12345678", &[0xd7, 0x6d, 0xf8, 0xe7, 0xae, 0xfc]),
            (" te\r\nst\t", &[0xb5, 0xeb, 0x2d]),
            ("YR==", b"a"),
            ("", b""),
        ] {
            assert_eq!(
                OutputValue::bind(&json!(text), None),
                OutputValue::Bytes(decoded.to_vec()),
                "{text:?}"
            );
        }
    }

    #[test]
    fn other_strings_are_left_alone() {
        for text in ["hello", "te-t", "aGVsbG8", "a===", "{}", "é123", "ab=c"] {
            assert_eq!(
                OutputValue::bind(&json!(text), None),
                OutputValue::Json(json!(text)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn data_type_binary_means_no_decoding_and_other_data_types_do_not() {
        assert_eq!(
            OutputValue::bind(&json!("aGk="), Some(DataType::Binary)),
            OutputValue::Json(json!("aGk="))
        );
        assert_eq!(OutputValue::bind(&json!("aGk="), Some(DataType::String)), bytes("hi"));
        assert_eq!(OutputValue::bind(&json!("aGk="), Some(DataType::Stream)), bytes("hi"));
    }

    #[test]
    fn elements_and_members_are_not_decoded() {
        for value in [json!(["aGk="]), json!({"a": "aGk="})] {
            assert_eq!(OutputValue::bind(&value, None), OutputValue::Json(value));
        }
    }

    #[test]
    fn names_are_case_sensitive_and_null_is_nothing() {
        let result = result(json!({"Out": "x!", "none": null}), Value::Null);
        let bindings = [queue("out", None), queue("Out", None), queue("none", None)];
        let values = Values::new(&result, &bindings);
        assert_eq!(values.of(&bindings[0]), None);
        assert_eq!(values.of(&bindings[1]), Some(OutputValue::Json(json!("x!"))));
        assert_eq!(values.of(&bindings[2]), None);
    }

    #[test]
    fn the_return_value_goes_to_the_output_called_return_and_overwrites_it() {
        let result = result(json!({"$return": "old", "out": "x!"}), json!("aGk="));
        let bindings = [queue("$return", None), queue("out", None)];
        let values = Values::new(&result, &bindings);
        assert_eq!(values.of(&bindings[0]), Some(bytes("hi")));
        assert_eq!(values.of(&bindings[1]), Some(OutputValue::Json(json!("x!"))));
    }

    #[test]
    fn a_return_value_object_overrides_the_outputs_when_nothing_is_called_return_and_is_not_decoded()
     {
        let outputs = json!({"out": "first", "other": "kept!"});
        let bindings = [queue("out", None), queue("other", None)];
        let object = result(outputs.clone(), json!({"out": "aGk="}));
        let values = Values::new(&object, &bindings);
        assert_eq!(values.of(&bindings[0]), Some(OutputValue::Json(json!("aGk="))));
        assert_eq!(values.of(&bindings[1]), Some(OutputValue::Json(json!("kept!"))));
        for no_object in [json!("out"), json!(["out"]), json!(1), json!(null)] {
            let result = result(outputs.clone(), no_object);
            assert_eq!(
                Values::new(&result, &bindings).of(&bindings[0]),
                Some(OutputValue::Json(json!("first")))
            );
        }
    }

    #[test]
    fn an_object_is_not_spread_when_an_output_is_called_return() {
        let result = result(json!({}), json!({"out": "x!"}));
        let bindings = [queue("$return", None), queue("out", None)];
        let values = Values::new(&result, &bindings);
        assert_eq!(values.of(&bindings[0]), Some(OutputValue::Json(json!({"out": "x!"}))));
        assert_eq!(values.of(&bindings[1]), None);
    }
}
