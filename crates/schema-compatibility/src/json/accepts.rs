//! Whether a reader takes one value: what a writer's list of values is held against.

use regex_lite::Regex;
use serde_json::Value;

use super::node::{Kind, Node};

impl Node {
    /// Whether it takes a text, a number, true, false or null. A format is not looked at.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        if !self.kinds.has(Kind::of(value)) {
            return false;
        }
        if let Some(values) = &self.values
            && !self.is_extensible
            && !values.iter().any(|known| is_same(known, value))
        {
            return false;
        }
        match value {
            Value::String(text) => {
                self.limits.length.take(text.chars().count()) && self.takes_text(text)
            }
            Value::Number(number) => {
                number.as_f64().is_some_and(|number| self.limits.take_number(number))
            }
            _ => true,
        }
    }

    /// Whether a text has the pattern. One that we cannot read, since it needs more than regular expressions, takes nothing:
    /// what cannot be proved is found.
    fn takes_text(&self, text: &str) -> bool {
        let Some(pattern) = &self.pattern else { return true };
        Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
    }
}

/// Whether two values are one to JSON Schema, where `1.0` is `1`.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (a, b) => a == b,
    }
}
