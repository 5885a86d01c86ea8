//! Settings that are a few switches in one line: `busy=0.1,late=0.2,down`.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Separates the items of a list: `refuse=MF-1043+MF-1044`.
const LIST_SEPARATOR: char = '+';

/// Reads switches separated by commas. A name by itself is `true`; `null` is none; what has a `+`, or is text where
/// the field wants a list, becomes a list.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut switches = Map::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = match part.split_once('=') {
            Some((name, text)) => (name.trim(), value(text.trim())),
            None => (part, Value::Bool(true)),
        };
        if switches.insert(name.to_owned(), value).is_some() {
            return Err(format!("{name} is there twice"));
        }
    }
    serde_json::from_value(Value::Object(switches)).map_err(|error| error.to_string())
}

fn value(text: &str) -> Value {
    if text.contains(LIST_SEPARATOR) {
        return text.split(LIST_SEPARATOR).map(|item| Value::from(item.trim())).collect();
    }
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}
