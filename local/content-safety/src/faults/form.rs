//! The faults as the form of the page sends them: an empty field is off.

use super::{Faults, FaultsError};
use serde_json::{Map, Value};

/// Reads the fields of the page's form.
pub(crate) fn from_form(body: &[u8]) -> Result<Faults, FaultsError> {
    let mut json = Map::new();
    let mut throttle = Map::new();
    let mut answer = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        if value.is_empty() {
            continue;
        }
        match &*name {
            "down" | "wrong" => put(&mut json, &name, Value::String(value.into_owned())),
            "every" | "retryAfterSeconds" => put(&mut throttle, &name, number(&name, &value)?),
            "hate" | "selfHarm" | "sexual" | "violence" => {
                put(&mut answer, &name, number(&name, &value)?);
            }
            _ => put(&mut json, &name, number(&name, &value)?),
        }
    }
    if throttle.contains_key("every") {
        put(&mut json, "throttle", Value::Object(throttle));
    }
    if !answer.is_empty() {
        put(&mut json, "answer", Value::Object(answer));
    }
    Faults::from_json(Value::Object(json).to_string().as_bytes())
}

fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.insert(name.to_owned(), value);
}

fn number(name: &str, text: &str) -> Result<Value, FaultsError> {
    match serde_json::from_str(text.trim()) {
        Ok(number @ Value::Number(_)) => Ok(number),
        _ => Err(FaultsError::Value(format!("{name} is a number"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Down, Severities, Throttle};
    use pretty_assertions::assert_eq;

    #[test]
    fn empty_fields_are_off_and_the_rest_is_taken() {
        let form = b"probability=0.5&seed=&times=4&delayMs=20&down=closed&wrong=&every=2\
            &retryAfterSeconds=1&hate=&selfHarm=&sexual=4&violence=";
        let expected = Faults {
            probability: 0.5,
            times: Some(4),
            delay_ms: 20,
            down: Some(Down::Closed),
            throttle: Some(Throttle { every: 2, retry_after_seconds: Some(1) }),
            answer: Some(Severities { sexual: 4, ..Severities::default() }),
            ..Faults::default()
        };
        assert_eq!(from_form(form).unwrap(), expected);
        assert!(from_form(b"probability=1&down=&wrong=").unwrap().are_off());
    }

    #[test]
    fn a_field_that_is_not_a_number_is_named() {
        let error = from_form(b"delayMs=soon").unwrap_err().to_string();
        assert!(error.contains("delayMs is a number"), "{error}");
    }
}
