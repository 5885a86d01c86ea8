//! Schemas that cannot be judged: the place, and the cure.

use schema_compatibility::{Schema, Unreadable};

/// A schema, the place that the error names, and a part of what it says.
type Refused = (&'static str, &'static str, &'static str);

const JSON: &[Refused] = &[
    ("{", "", "no JSON"),
    ("7", "", "a JSON Schema is a map"),
    (
        r#"{ "properties": { "a": { "oneOf": [] } } }"#,
        "/properties/a/oneOf",
        "`oneOf` is not judged",
    ),
    (
        r#"{ "properties": { "a": { "minProperties": 1 } } }"#,
        "/properties/a/minProperties",
        "not judged",
    ),
    (r##"{ "$ref": "#/$defs/a" }"##, "/$ref", "write out"),
    (r#"{ "type": "text" }"#, "/type", "`text` is no type"),
    (r#"{ "type": 3 }"#, "/type", "a list of texts"),
    (r#"{ "properties": [] }"#, "/properties", "a map of names and schemas"),
    (r#"{ "enum": [{}] }"#, "/enum", "texts, numbers"),
    (r#"{ "enum": [1], "const": 1 }"#, "", "not both"),
    (r#"{ "minLength": -1 }"#, "/minLength", "at least 0"),
    (r#"{ "multipleOf": 0 }"#, "/multipleOf", "more than 0"),
    (r#"{ "maximum": 9007199254740993000 }"#, "/maximum", "2^53"),
    (r#"{ "uniqueItems": "yes" }"#, "/uniqueItems", "true or false"),
];

const AVRO: &[Refused] = &[
    ("7", "", "a name, a list or a map"),
    (r#""text""#, "", "`text` is no type"),
    (r#"{ "type": "array" }"#, "", "lacks `items`"),
    (r#"{ "name": "A" }"#, "", "lacks `type`"),
    (r#"["null", ["string"]]"#, "/1", "a union in a union"),
    (r#"["null", "null"]"#, "/1", "a second null"),
    ("[]", "", "a union of nothing"),
    (r#"{ "type": "record", "name": "1A", "fields": [] }"#, "/name", "`1A` is no name"),
    (r#"{ "type": "record", "name": "A" }"#, "/fields", "a list of fields"),
    (
        r#"{ "type": "record", "name": "A", "fields": [{ "name": "a", "type": "int" }, { "name": "a", "type": "int" }] }"#,
        "/fields/1/name",
        "a second field",
    ),
    (
        r#"{ "type": "record", "name": "A", "fields": [{ "name": "a", "type": ["string", "null"], "default": null }] }"#,
        "/fields/0/default",
        "put the default's type first",
    ),
    (
        r#"{ "type": "record", "name": "A", "fields": [{ "name": "a", "type": "int", "default": "1" }] }"#,
        "/fields/0/default",
        "is no int",
    ),
    (r#"{ "type": "enum", "name": "E", "symbols": ["A", "A"] }"#, "/symbols", "each once"),
    (
        r#"{ "type": "enum", "name": "E", "symbols": ["A"], "default": "B" }"#,
        "/default",
        "one of its symbols",
    ),
    (r#"{ "type": "fixed", "name": "F" }"#, "/size", "a number of bytes"),
];

fn refuses(cases: &[Refused], read: fn(&str, &str) -> Result<Schema, Unreadable>) {
    let mut wrong = Vec::new();
    for (text, place, part) in cases {
        match read("made", text) {
            Ok(_) => wrong.push(format!("{text}: was taken")),
            Err(error) if error.place != *place || !error.problem.contains(part) => {
                wrong.push(format!("{text}: {error}"));
            }
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}

#[test]
fn a_keyword_that_nobody_judges_is_named_and_so_is_what_is_no_schema() {
    refuses(JSON, Schema::json);
}

#[test]
fn what_avro_readers_would_refuse_is_refused_with_its_place() {
    refuses(AVRO, Schema::avro);
}

#[test]
fn what_is_nested_without_end_is_refused() {
    let deep = format!("{}true{}", "{ \"items\": ".repeat(100), " }".repeat(100));
    let error = Schema::json("deep", &deep).unwrap_err();
    assert!(error.problem.contains("nested deeper"), "{error}");
}
