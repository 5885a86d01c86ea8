//! The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header).

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Longest key, in characters.
const MAX_KEY_CHARS: usize = 255;

/// What a client chose to name one attempt to change something, so that repeating it is harmless:
/// 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

/// A header value that holds no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "is not a key; send 1 to {MAX_KEY_CHARS} visible ASCII characters in double quotes, such as \
     \"8e03978e-40d5-43dd-bc93-6894a57f9324\""
)]
pub struct InvalidIdempotencyKey;

impl IdempotencyKey {
    /// Reads the header's value: a structured-field string in double quotes (RFC 8941, section
    /// 3.3.3), as the draft asks, or the bare characters, as many clients send them.
    pub fn parse(value: &str) -> Result<Self, InvalidIdempotencyKey> {
        let value = value.trim_matches([' ', '\t']);
        let key = match value.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None if value.contains(['"', '\\']) => return Err(InvalidIdempotencyKey),
            None => value.to_owned(),
        };
        let length = (1..=MAX_KEY_CHARS).contains(&key.len());
        if length && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(key))
        } else {
            Err(InvalidIdempotencyKey)
        }
    }

    /// The key, without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn unquote(quoted: &str) -> Result<String, InvalidIdempotencyKey> {
    let mut key = String::new();
    let mut characters = quoted.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' if characters.as_str().is_empty() => return Ok(key),
            '"' => return Err(InvalidIdempotencyKey),
            '\\' => key.push(
                characters
                    .next()
                    .filter(|c| matches!(c, '"' | '\\'))
                    .ok_or(InvalidIdempotencyKey)?,
            ),
            other => key.push(other),
        }
    }
    Err(InvalidIdempotencyKey)
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for IdempotencyKey {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = InvalidIdempotencyKey;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        Self::parse(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_and_bare_keys_are_the_same_key() {
        for value in ["\"abc-1\"", "abc-1", " \"abc-1\" "] {
            assert_eq!(IdempotencyKey::parse(value).unwrap().as_str(), "abc-1");
        }
        assert_eq!(IdempotencyKey::parse(r#""a\"b\\c""#).unwrap().as_str(), r#"a"b\c"#);
        assert!(IdempotencyKey::parse(&"k".repeat(255)).is_ok());
    }

    #[test]
    fn other_values_are_refused() {
        let long = "k".repeat(256);
        for value in [
            "",
            "\"\"",
            "\"a",
            "a\"",
            "\"a\"b",
            "\"a\";p=1",
            "a b",
            "\"a b\"",
            "é",
            "a\\b",
            "\"a\\n\"",
            "\"a\\",
            &long,
        ] {
            assert_eq!(IdempotencyKey::parse(value), Err(InvalidIdempotencyKey), "{value}");
        }
    }
}
