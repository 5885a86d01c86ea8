//! `cargo xtask types`: types for programs that read our events, made from the schemas that were released.

mod rust;
mod shape;
mod typescript;

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::{
    failure::Failure,
    schemas::types::{self as event_types, EventType},
    workspace::Workspace,
};

use shape::{Record, record};

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Wish {
    language: Language,
    /// Event types, such as com.iommi.sales.ordered.v1; all that are released in JSON if none is named
    types: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    /// For serde, with `jiff` and `uuid`
    Rust,
    /// Interfaces, and a union of all events by their `type`
    Typescript,
}

/// The data of an event type.
#[derive(Debug, PartialEq)]
pub(crate) struct Data {
    /// Such as `com.iommi.sales.ordered.v1`.
    pub(crate) event_type: String,
    /// Such as `SalesOrdered`.
    pub(crate) name: String,
    pub(crate) about: Option<String>,
    pub(crate) record: Record,
}

/// The types as source text.
pub(crate) fn written(workspace: &Workspace, wish: &Wish) -> Result<String, Failure> {
    let known = event_types::of(workspace)?.types;
    let chosen: Vec<&EventType> = if wish.types.is_empty() {
        known.iter().filter(|one| one.is_json() && one.releases.is_some()).collect()
    } else {
        let named = wish.types.iter().map(|name| event_types::named(&known, name));
        named.collect::<Result<_, _>>()?
    };
    let data: Vec<Data> = chosen.into_iter().map(data).collect::<Result<_, _>>()?;
    Ok(match wish.language {
        Language::Rust => rust::written(&data),
        Language::Typescript => typescript::written(&data),
    })
}

/// What the last released version of a type says; as it is now, if none is released.
fn data(event_type: &EventType) -> Result<Data, Failure> {
    let not = |why: &str| Failure::Schemas(vec![format!("{}: {why}", event_type.path)]);
    if !event_type.is_json() {
        return Err(not("types are made of JSON Schema only; this is Avro"));
    }
    let released = event_type.releases.as_ref().and_then(|releases| releases.versions.last());
    let text = released.map_or(&event_type.text, |version| &version.text);
    let schema: Value = serde_json::from_str(text).map_err(|error| not(&error.to_string()))?;
    Ok(Data {
        name: name(&event_type.name),
        event_type: event_type.name.clone(),
        about: schema["description"].as_str().map(str::to_owned),
        record: record(&schema, "$").map_err(|why| not(&why))?,
    })
}

/// `com.iommi.sales.ordered.v1` is `SalesOrdered`, its second version `SalesOrderedV2`.
fn name(event_type: &str) -> String {
    let mut parts: Vec<&str> = event_type.split('.').skip(2).collect();
    if parts.last() == Some(&"v1") {
        parts.pop();
    }
    parts.iter().map(|part| pascal(part)).collect()
}

/// `account-activated` and `accountActivated` are `AccountActivated`.
pub(crate) fn pascal(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            format!("{}{rest}", first.to_ascii_uppercase())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    fn ordered() -> Data {
        let schema = json!({
            "type": "object", "required": ["orderId", "at", "lines"], "additionalProperties": false,
            "properties": {
                "orderId": { "type": "string", "format": "uuid", "description": "Which order." },
                "at": { "type": "string", "format": "date-time" },
                "type": { "type": ["string", "null"], "enum": ["gift", "own-use", null] },
                "lines": { "type": "array", "items": {
                    "type": "object", "required": ["quantity"], "additionalProperties": false,
                    "properties": { "quantity": { "type": "integer", "minimum": 1 } } } },
                "notes": { "type": "object", "additionalProperties": { "type": "string" } },
            },
        });
        Data {
            event_type: "com.example.shop.ordered.v1".to_owned(),
            name: name("com.example.shop.ordered.v1"),
            about: Some("Somebody ordered.".to_owned()),
            record: record(&schema, "$").unwrap(),
        }
    }

    #[test]
    fn rust_has_a_struct_for_each_record_and_an_enum_for_each_list_of_words() {
        let written = rust::written(&[ordered()]);
        let expected = "\
/// Data of `com.example.shop.ordered.v1`. Somebody ordered.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(rename_all = \"camelCase\")]
pub struct ShopOrdered {
    /// Which order.
    pub order_id: uuid::Uuid,
    pub at: jiff::Timestamp,
    pub r#type: Option<ShopOrderedType>,
    pub lines: Vec<ShopOrderedLinesItem>,
    pub notes: Option<std::collections::BTreeMap<String, String>>,
}

/// A value of `ShopOrdered`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub enum ShopOrderedType {
    #[serde(rename = \"gift\")]
    Gift,
    #[serde(rename = \"own-use\")]
    OwnUse,
}

/// A part of `ShopOrdered`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(rename_all = \"camelCase\")]
pub struct ShopOrderedLinesItem {
    pub quantity: u64,
}
";
        assert_eq!(written.split_once("\n\n").unwrap().1, expected);
    }

    #[test]
    fn typescript_has_an_interface_and_the_event_by_its_type() {
        let written = typescript::written(&[ordered()]);
        for part in [
            "/** Data of `com.example.shop.ordered.v1`. Somebody ordered. */\nexport interface ShopOrdered {\n",
            "  /** Which order. */\n  orderId: string;\n  at: string;\n  type?: \"gift\" | \"own-use\" | null;\n",
            "  lines: { quantity: number }[];\n  notes?: Record<string, string>;\n}\n",
            "export type IommiEvent =\n  | CloudEvent<\"com.example.shop.ordered.v1\", ShopOrdered>;\n",
        ] {
            assert!(written.contains(part), "{part}\nis not in\n{written}");
        }
    }

    #[test]
    fn what_has_no_type_is_named_with_its_place() {
        let schema = json!({"type": "object", "properties": {"a": {"type": "array", "items": {"oneOf": []}}}});
        assert_eq!(record(&schema, "$").unwrap_err(), "$.a[]: no type can be made of it");
    }
}
