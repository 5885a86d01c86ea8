//! The mainframe's business rules: what it refuses, and with which code. Deterministic, and off unless asked for.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest name in a record, in characters.
const MAX_NAME_CHARS: usize = 40;
/// The longest street and city together, in characters.
const MAX_ADDRESS_CHARS: usize = 60;
/// The largest state of a record, in bytes: one VSAM control interval.
const MAX_STATE_BYTES: usize = 32 * 1024;
/// The last character that EBCDIC code page 1047 has: it is Latin-1 in another order.
const LAST_LATIN_1: char = '\u{ff}';

/// A rule that a state can break. Erasures break none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// MF-1043: a name longer than 40 characters.
    #[serde(rename = "MF-1043")]
    LongName,
    /// MF-1044: a name with characters that EBCDIC code page 1047 lacks.
    #[serde(rename = "MF-1044")]
    ForeignName,
    /// MF-1052: street and city are longer than 60 characters together.
    #[serde(rename = "MF-1052")]
    LongAddress,
    /// MF-1061: more than 32 KiB of state.
    #[serde(rename = "MF-1061")]
    LargeState,
}

impl Rule {
    /// Every rule.
    pub(crate) const ALL: [Self; 4] =
        [Self::LongName, Self::ForeignName, Self::LongAddress, Self::LargeState];

    /// Its code in answers and settings.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::LongName => "MF-1043",
            Self::ForeignName => "MF-1044",
            Self::LongAddress => "MF-1052",
            Self::LargeState => "MF-1061",
        }
    }

    /// What it says, without the values that broke it: they are personal data.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::LongName => "a name is longer than 40 EBCDIC characters",
            Self::ForeignName => "a name has characters that EBCDIC code page 1047 lacks",
            Self::LongAddress => "street and city are longer than 60 characters together",
            Self::LargeState => "the record is larger than 32 KiB",
        }
    }

    fn is_broken_by(self, state: &Value, bytes: usize) -> bool {
        let text = |pointer| state.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let names = || [text("/givenName"), text("/familyName")];
        match self {
            Self::LongName => names().iter().any(|name| name.chars().count() > MAX_NAME_CHARS),
            Self::ForeignName => {
                names().iter().any(|name| name.chars().any(|char| char > LAST_LATIN_1))
            }
            Self::LongAddress => {
                text("/address/street").chars().count() + text("/address/city").chars().count()
                    > MAX_ADDRESS_CHARS
            }
            Self::LargeState => bytes > MAX_STATE_BYTES,
        }
    }
}

/// The first of the rules in force that this state, a JSON text, breaks.
pub(crate) fn broken(rules: &[Rule], state: &str) -> Option<Rule> {
    if rules.is_empty() {
        return None;
    }
    let value: Value = serde_json::from_str(state).unwrap_or_default();
    rules.iter().copied().find(|rule| rule.is_broken_by(&value, state.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_broken_by_what_it_names() {
        let state = |given: &str, street: &str, note: &str| {
            serde_json::json!({"givenName": given, "address": {"street": street, "city": "Espoo"}, "note": note})
                .to_string()
        };
        for (state, rule) in [
            (state("Äijö", "Kuja 1", ""), None),
            (state(&"é".repeat(40), "Kuja 1", ""), None),
            (state(&"e".repeat(41), "Kuja 1", ""), Some(Rule::LongName)),
            (state("Łucja", "Kuja 1", ""), Some(Rule::ForeignName)),
            (state("Aino", &"x".repeat(56), ""), Some(Rule::LongAddress)),
            (state("Aino", "Kuja 1", &"x".repeat(33_000)), Some(Rule::LargeState)),
        ] {
            assert_eq!(broken(&Rule::ALL, &state), rule);
            assert_eq!(broken(&[], &state), None);
        }
    }

    #[test]
    fn a_rule_is_written_by_its_code() {
        for rule in Rule::ALL {
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.code());
        }
    }
}
