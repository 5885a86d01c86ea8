//! Going through a document, with the difference between its parts and the data in it.

use serde_json::Value;

use super::Members;

/// Members that hold data, unless they are names in a map.
const DATA: [&str; 5] = ["example", "default", "enum", "const", "value"];

/// Members that hold a map from names that somebody chose.
const NAMED: [&str; 23] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
    "paths",
    "content",
    "encoding",
    "mapping",
    "variables",
    "webhooks",
    "scopes",
    "dependentRequired",
];

/// What a member of an object is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A part of the contract.
    Part,
    /// A map from names to parts.
    Names,
}

/// Calls `see` for every object that is a part of the contract, the outer ones first, with the keys that lead there.
pub(crate) fn each_part(document: &mut Value, see: &mut impl FnMut(&mut Members, &[String])) {
    part(document, Kind::Part, &mut Vec::new(), see);
}

fn part(
    value: &mut Value,
    kind: Kind,
    keys: &mut Vec<String>,
    see: &mut impl FnMut(&mut Members, &[String]),
) {
    match value {
        Value::Object(members) => {
            if kind == Kind::Part || members.get("$ref").is_some_and(Value::is_string) {
                see(members, keys);
            }
            for (key, member) in members.iter_mut() {
                let is_data = DATA.contains(&key.as_str())
                    || (key.starts_with("x-") && key != super::files::PARTS)
                    || (key == "examples" && member.is_array());
                if kind == Kind::Part && is_data {
                    continue;
                }
                let named =
                    kind == Kind::Part && NAMED.contains(&key.as_str()) && member.is_object();
                keys.push(key.clone());
                part(member, if named { Kind::Names } else { Kind::Part }, keys, see);
                keys.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                keys.push(index.to_string());
                part(item, Kind::Part, keys, see);
                keys.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    #[test]
    fn parts_are_seen_and_data_is_not_whatever_its_name() {
        let mut document = json!({
            "components": {
                "schemas": { "example": { "properties": { "default": { "example": { "$ref": 1 } } } } },
                "examples": { "One": { "value": { "properties": {} } } },
            },
            "x-own": { "properties": {} },
        });
        let mut seen = Vec::new();
        each_part(&mut document, &mut |_, keys| seen.push(keys.join("/")));
        let expected = [
            "",
            "components",
            "components/schemas/example",
            "components/schemas/example/properties/default",
            "components/examples/One",
        ];
        assert_eq!(seen, expected);
    }
}
