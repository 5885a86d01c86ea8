//! The invocation envelope: how the host hands values to a handler (`{"Data":{…},"Metadata":{…}}`).
//!
//! Every value passes through one rule of the host (`ScriptInvocationContextExtensions.cs`):
//! objects stay objects, bytes become bare base64, everything else becomes a string that holds the
//! JSON text of the value. What a string is, is decided here by the binding, never by trying.

mod http;
mod metadata;
mod value;

use serde_json::{Map, Value};
use thiserror::Error;

pub(crate) use self::http::{decode_request, encode_response};
pub use self::metadata::{Metadata, RetryContext, System};
pub(crate) use self::metadata::{number, time};
pub use self::value::Payload;
pub(crate) use self::value::{bytes, input_values, trigger_value};

/// An envelope that is not what the host sends.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("reading the host's envelope: {0}")]
pub(crate) struct EnvelopeError(pub(crate) String);

/// The two halves of an invocation.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    pub(crate) data: Map<String, Value>,
    pub(crate) metadata: Metadata,
}

impl Envelope {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, EnvelopeError> {
        let envelope: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|error| EnvelopeError(format!("it is not a JSON object: {error}")))?;
        let mut data = None;
        let mut metadata = Map::new();
        for (name, value) in envelope {
            match (name.as_str(), value) {
                ("Data", Value::Object(values)) => data = Some(values),
                ("Metadata", Value::Object(values)) => metadata = values,
                _ => {}
            }
        }
        let data = data.ok_or_else(|| EnvelopeError("it has no object `Data`".to_owned()))?;
        Ok(Self { data, metadata: Metadata::new(metadata) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_needs_data_and_forgives_missing_metadata() {
        let envelope = Envelope::parse(br#"{"Data":{"a":1}}"#).unwrap();
        assert_eq!(envelope.data["a"], 1);
        for body in ["", "[]", "{}", r#"{"Data":[]}"#, r#"{"Metadata":{}}"#] {
            assert!(Envelope::parse(body.as_bytes()).is_err(), "{body}");
        }
    }
}
