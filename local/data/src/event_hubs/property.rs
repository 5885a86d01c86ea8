//! A property of an event: a value that has a type, as AMQP gives it one.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// A sender's own property, or one of the AMQP properties section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Property {
    /// There, and without a value.
    Null,
    /// Text.
    Text(String),
    /// A whole number, whatever its width was.
    Integer(i64),
    /// A floating point number.
    Double(f64),
    /// True or false.
    Boolean(bool),
    /// A moment, in milliseconds.
    Moment(Timestamp),
    /// A UUID.
    Id(Uuid),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Property {
    /// As JSON has it: moments as `2026-01-02T03:04:05.678Z`, bytes in base64.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => text.as_str().into(),
            Self::Integer(number) => (*number).into(),
            Self::Double(number) => (*number).into(),
            Self::Boolean(truth) => (*truth).into(),
            Self::Moment(moment) => moment.to_string().into(),
            Self::Id(id) => id.to_string().into(),
            Self::Bytes(bytes) => STANDARD.encode(bytes).into(),
        }
    }

    /// Of a member of `UserProperties`; `None` for arrays and objects, which no property can be.
    pub(super) fn of_json(value: Value) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::String(text) => Self::Text(text),
            Value::Bool(truth) => Self::Boolean(truth),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Self::Integer(whole),
                None => Self::Double(number.as_f64()?),
            },
            Value::Array(_) | Value::Object(_) => return None,
        })
    }

    /// Of a header: text in quotes is text, a number a number, all else is text as it stands.
    pub(super) fn of_header(text: &str) -> Self {
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        if let Some(text) = quoted {
            return Self::Text(text.to_owned());
        }
        match (text.parse(), text.parse::<f64>(), text) {
            (Ok(whole), ..) => Self::Integer(whole),
            (_, Ok(number), _) if number.is_finite() => Self::Double(number),
            (.., "true") => Self::Boolean(true),
            (.., "false") => Self::Boolean(false),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// Bytes that it takes in a message, about.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Null | Self::Boolean(_) => 1,
            Self::Text(text) => text.len(),
            Self::Integer(_) | Self::Double(_) | Self::Moment(_) => size_of::<i64>(),
            Self::Id(_) => size_of::<Uuid>(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_s_value_has_the_type_that_it_looks_like() {
        for (text, property) in [
            ("\"7\"", Property::Text("7".into())),
            ("7", Property::Integer(7)),
            ("-7.5", Property::Double(-7.5)),
            ("true", Property::Boolean(true)),
            ("True", Property::Text("True".into())),
            ("inf", Property::Text("inf".into())),
            ("com.iommi.sample", Property::Text("com.iommi.sample".into())),
            ("", Property::Text(String::new())),
        ] {
            assert_eq!(Property::of_header(text), property, "{text}");
        }
    }
}
