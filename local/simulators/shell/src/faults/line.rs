//! Settings that are a few switches in one line: `busy=0.1,late=0.2,down`.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Separates the items of a list: `refuse=MF-1043+MF-1044`.
const LIST_SEPARATOR: char = '+';

/// Reads switches separated by commas. A name by itself is `true`; `null` is none; what has a `+` is a list; a dot in a
/// name is a member of a member: `throttle.every=2`.
///
/// # Errors
/// A name that is there twice, or what the type does not know.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut switches = Map::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = match part.split_once('=') {
            Some((name, text)) => (name.trim(), value(text.trim())),
            None => (part, Value::Bool(true)),
        };
        if put(&mut switches, name, value).is_some() {
            return Err(format!("{name} is there twice"));
        }
    }
    serde_json::from_value(Value::Object(switches)).map_err(|error| error.to_string())
}

/// Puts a value under a name with dots; the value that was there before comes back.
pub(super) fn put(object: &mut Map<String, Value>, name: &str, value: Value) -> Option<Value> {
    match name.split_once('.') {
        None => object.insert(name.to_owned(), value),
        Some((outer, inner)) => {
            let member = object.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            member.as_object_mut().and_then(|member| put(member, inner, value))
        }
    }
}

fn value(text: &str) -> Value {
    if text.contains(LIST_SEPARATOR) {
        return text.split(LIST_SEPARATOR).map(|item| Value::from(item.trim())).collect();
    }
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}
