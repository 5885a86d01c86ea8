//! The keys that wrap data keys.

use crate::cipher::{DataKey, KEY_BYTES, SealingError};
use base64::{Engine, engine::general_purpose};
use custom_handler::Setting;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The wrapping keys: the first wraps, all unwrap. A key that is taken out of the list takes with it all that it wrapped.
pub const SEALING_KEYS: Setting = Setting::new(
    "SEALING_KEYS",
    "what wraps the keys that seal bank data and secrets: id:key with a key of 32 bytes in base64; several, separated by \
     commas: the first wraps, all unwrap",
    "2026-48:bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDE=",
);
/// Most keys at once.
const MAX_KEYS: usize = 8;
/// Longest id, in characters.
const MAX_ID_CHARS: usize = 32;

/// A data key that only its wrapping key opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WrappedKey {
    /// Which wrapping key.
    pub id: String,
    /// In URL-safe base64 without padding.
    pub wrapped: String,
}

/// Keys by their ids, as [`SEALING_KEYS`] gives them.
#[derive(Debug, Clone)]
pub struct WrappingKeys(Vec<(String, DataKey)>);

/// What is wrong with the setting; it does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to 8 pairs id:key, separated by commas: ids of 1 to 32 letters, digits and -, each once, keys of 32 bytes \
     in base64, as `openssl rand -base64 32` makes them"
)]
pub struct MalformedKeys;

impl FromStr for WrappingKeys {
    type Err = MalformedKeys;

    fn from_str(text: &str) -> Result<Self, MalformedKeys> {
        let mut keys: Vec<(String, DataKey)> = Vec::new();
        for pair in text.split(',') {
            let (id, key) = pair.trim().split_once(':').ok_or(MalformedKeys)?;
            let is_id = (1..=MAX_ID_CHARS).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            let bytes = general_purpose::STANDARD.decode(key).map_err(|_| MalformedKeys)?;
            let key = DataKey::from_bytes(&bytes).ok_or(MalformedKeys)?;
            if !is_id || keys.iter().any(|(known, _)| known == id) {
                return Err(MalformedKeys);
            }
            keys.push((id.to_owned(), key));
        }
        if keys.len() <= MAX_KEYS { Ok(Self(keys)) } else { Err(MalformedKeys) }
    }
}

impl WrappingKeys {
    /// Wraps a data key with the newest wrapping key.
    ///
    /// # Errors
    /// [`SealingError::NoRandomness`].
    pub fn wrap(&self, key: &DataKey, context: &str) -> Result<WrappedKey, SealingError> {
        let (id, wrapping) = self.newest();
        let wrapped = wrapping.seal(context, key.bytes())?;
        Ok(WrappedKey {
            id: id.to_owned(),
            wrapped: general_purpose::URL_SAFE_NO_PAD.encode(wrapped),
        })
    }

    /// The data key that was wrapped for this context.
    ///
    /// # Errors
    /// The wrapping key is gone, or the rest is not what [`WrappingKeys::wrap`] made for this context.
    pub fn unwrap(&self, key: &WrappedKey, context: &str) -> Result<DataKey, SealingError> {
        let wrapping = self.0.iter().find(|(id, _)| *id == key.id);
        let (_, wrapping) = wrapping.ok_or(SealingError::NoSuchKey)?;
        let sealed = general_purpose::URL_SAFE_NO_PAD.decode(&key.wrapped);
        let bytes = wrapping.open(context, &sealed.map_err(|_| SealingError::NotOurs)?)?;
        debug_assert_eq!(bytes.len(), KEY_BYTES);
        DataKey::from_bytes(&bytes).ok_or(SealingError::NotOurs)
    }

    fn newest(&self) -> (&str, &DataKey) {
        let (id, key) = self.0.first().expect("a text always has a first part");
        (id, key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "a:bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDE=";
    const TWO: &str = "b:bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDI=";

    fn keys(texts: &[&str]) -> WrappingKeys {
        texts.join(",").parse().unwrap()
    }

    #[test]
    fn the_first_wraps_and_all_unwrap_until_they_are_gone() {
        let key = DataKey::generate().unwrap();
        let sealed = key.seal("x", b"text").unwrap();
        let old = keys(&[ONE]).wrap(&key, "x").unwrap();
        assert_eq!(old.id, "a");
        let both = keys(&[TWO, ONE]);
        assert_eq!(both.wrap(&key, "x").unwrap().id, "b");
        let unwrapped = both.unwrap(&old, "x").unwrap();
        assert_eq!(unwrapped.open("x", &sealed).unwrap(), b"text");
        assert_eq!(both.unwrap(&old, "y").unwrap_err(), SealingError::NotOurs);
        assert_eq!(keys(&[TWO]).unwrap(&old, "x").unwrap_err(), SealingError::NoSuchKey);
    }

    #[test]
    fn a_wrapped_key_is_two_texts_in_json() {
        let wrapped = keys(&[ONE]).wrap(&DataKey::generate().unwrap(), "x").unwrap();
        let json = serde_json::to_value(&wrapped).unwrap();
        assert_eq!(json["id"], "a");
        assert_eq!(serde_json::from_value::<WrappedKey>(json).unwrap(), wrapped);
    }

    #[test]
    fn malformed_keys_are_refused_without_being_repeated() {
        let again = format!("{ONE},{ONE}");
        let nine: Vec<String> = (0..9).map(|n| ONE.replace("a:", &format!("k{n}:"))).collect();
        for text in ["", "a", "a:", "a:c2hvcnQ=", ":bG9j", "a b:bG9j", &again, &nine.join(",")] {
            let error = text.parse::<WrappingKeys>().unwrap_err();
            assert_eq!(error, MalformedKeys, "{text}");
        }
        assert!(!MalformedKeys.to_string().contains("bG9j"));
    }

    #[test]
    fn the_settings_example_is_one() {
        let example = SEALING_KEYS.example;
        assert!(example.parse::<WrappingKeys>().is_ok());
    }
}
