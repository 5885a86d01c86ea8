//! How schemas are written.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How the schemas of a group are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum SchemaType {
    Avro,
    Json,
    Protobuf,
    Custom,
}

const AVRO: &str = "application/json; serialization=Avro";
const JSON: &str = "application/json; serialization=Json";
const PROTOBUF: &str = "text/vnd.ms.protobuf";
const CUSTOM: &str = "text/plain; charset=utf-8";

impl SchemaType {
    const ALL: [Self; 4] = [Self::Avro, Self::Json, Self::Protobuf, Self::Custom];

    /// The content type of its schemas.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Avro => AVRO,
            Self::Json => JSON,
            Self::Protobuf => PROTOBUF,
            Self::Custom => CUSTOM,
        }
    }

    /// Which kind of schema a body is.
    pub(super) fn of_content_type(text: &str) -> Option<Self> {
        let bare = |text: &str| text.to_lowercase().replace([' ', '"'], "");
        // What is text needs no charset: there is only UTF-8.
        let kind = |text: &str| bare(text).replace(";charset=utf-8", "");
        Self::ALL.into_iter().find(|one| kind(one.content_type()) == kind(text))
    }

    fn is_json(self) -> bool {
        matches!(self, Self::Avro | Self::Json)
    }

    /// The schema in a body. The SDK for JavaScript puts a schema in JSON into a JSON text once more when it asks for its id.
    pub(super) fn text_of(self, body: &str) -> String {
        if self.is_json()
            && let Ok(inner) = serde_json::from_str::<String>(body)
            && let Ok(Value::Object(_) | Value::Array(_) | Value::String(_)) =
                serde_json::from_str(&inner)
        {
            return inner;
        }
        body.to_owned()
    }

    /// Whether two texts are one schema: white space and the order of members say nothing in JSON.
    pub(super) fn is_same(self, one: &str, other: &str) -> bool {
        let value = |text: &str| serde_json::from_str::<Value>(text).ok();
        match (value(one), value(other)) {
            (Some(one), Some(other)) if self.is_json() => one == other,
            _ => one == other,
        }
    }
}

impl fmt::Display for SchemaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Avro => "Avro",
            Self::Json => "Json",
            Self::Protobuf => "Protobuf",
            Self::Custom => "Custom",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_type_says_the_kind_however_it_is_spaced() {
        for (text, kind) in [
            (AVRO, Some(SchemaType::Avro)),
            ("application/json;serialization=avro", Some(SchemaType::Avro)),
            ("application/json; serialization=Json; charset=utf-8", Some(SchemaType::Json)),
            ("text/plain", Some(SchemaType::Custom)),
            (PROTOBUF, Some(SchemaType::Protobuf)),
            ("application/json", None),
            ("", None),
        ] {
            assert_eq!(SchemaType::of_content_type(text), kind, "{text}");
        }
    }

    #[test]
    fn a_schema_in_a_json_text_is_taken_out_and_a_bare_type_is_one() {
        let text = r#"{"type":"string"}"#;
        let quoted = serde_json::to_string(text).unwrap();
        assert_eq!(SchemaType::Avro.text_of(&quoted), text);
        assert_eq!(SchemaType::Avro.text_of(text), text);
        assert_eq!(SchemaType::Avro.text_of("\"string\""), "\"string\"");
        assert_eq!(SchemaType::Avro.text_of("\"null\""), "\"null\"");
        assert_eq!(SchemaType::Custom.text_of(&quoted), quoted);
    }

    #[test]
    fn spaces_and_order_make_no_other_schema_in_json_and_do_elsewhere() {
        let (one, other) = (r#"{"a":1,"b":[2,3]}"#, "{ \"b\": [2, 3],\n \"a\": 1 }");
        assert!(SchemaType::Avro.is_same(one, other) && SchemaType::Json.is_same(one, other));
        assert!(!SchemaType::Custom.is_same(one, other));
        assert!(!SchemaType::Avro.is_same(one, r#"{"a":1,"b":[3,2]}"#));
    }
}
