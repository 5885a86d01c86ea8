//! The types of JSON Schema as a set of bits; whole numbers and others apart, so that `integer` is part of `number`.

use serde_json::Value;

use crate::values::Num;

pub(crate) const NULL: u8 = 1;
pub(crate) const BOOLEAN: u8 = 1 << 1;
pub(crate) const WHOLE: u8 = 1 << 2;
pub(crate) const FRACTION: u8 = 1 << 3;
pub(crate) const STRING: u8 = 1 << 4;
pub(crate) const ARRAY: u8 = 1 << 5;
pub(crate) const OBJECT: u8 = 1 << 6;
pub(crate) const NUMBER: u8 = WHOLE | FRACTION;
pub(crate) const ALL: u8 = NULL | BOOLEAN | NUMBER | STRING | ARRAY | OBJECT;

/// What is compared with each other.
pub(crate) const KINDS: [u8; 6] = [NULL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT];

/// The types that a `type` names; a word that is none is an error.
pub(crate) fn named(value: &Value) -> Result<u8, String> {
    let bit = |word: &Value| match word.as_str() {
        Some("null") => Ok(NULL),
        Some("boolean") => Ok(BOOLEAN),
        Some("integer") => Ok(WHOLE),
        Some("number") => Ok(NUMBER),
        Some("string") => Ok(STRING),
        Some("array") => Ok(ARRAY),
        Some("object") => Ok(OBJECT),
        _ => Err(format!(
            "`type: {word}` is no type; write null, boolean, integer, number, string, array or object"
        )),
    };
    match value {
        Value::Array(words) => words.iter().try_fold(0, |all, word| Ok(all | bit(word)?)),
        word => bit(word),
    }
}

/// The type of a value.
pub(crate) fn of(value: &Value) -> u8 {
    match value {
        Value::Null => NULL,
        Value::Bool(_) => BOOLEAN,
        Value::Number(number) if Num::of(number).is_whole() => WHOLE,
        Value::Number(_) => FRACTION,
        Value::String(_) => STRING,
        Value::Array(_) => ARRAY,
        Value::Object(_) => OBJECT,
    }
}

/// In words.
pub(crate) fn words(kinds: u8) -> String {
    let names = [
        (NULL, "null"),
        (BOOLEAN, "boolean"),
        (STRING, "string"),
        (ARRAY, "array"),
        (OBJECT, "object"),
    ];
    let mut words: Vec<&str> =
        names.iter().filter(|(bit, _)| kinds & bit != 0).map(|(_, name)| *name).collect();
    match kinds & NUMBER {
        NUMBER => words.push("number"),
        WHOLE => words.push("integer"),
        FRACTION => words.push("number with a fraction"),
        _ => {}
    }
    words.join(", ")
}
