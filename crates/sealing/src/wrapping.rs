//! The keys that wrap data keys.

use crate::cipher::{DataKey, SealingError};
use base64::{Engine, engine::general_purpose};
use custom_handler::Setting;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use zeroize::Zeroizing;

/// The wrapping keys of what is not to be kept for long: the first wraps, all unwrap. A key that is taken out of the list
/// takes with it all that it wrapped. An app that keeps secrets for years has other keys for them, and another setting.
pub const SEALING_KEYS: Setting = Setting::new(
    "SEALING_KEYS",
    "what wraps the keys that seal bank data and tokens: 32 bytes in base64; several, separated by commas: the first \
     wraps, all unwrap",
    "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDE=",
);
/// Most keys at once.
const MAX_KEYS: usize = 8;
/// Bytes of a key's SHA-256 that are its id.
const ID_BYTES: usize = 8;

/// What only its wrapping key opens: a data key, or a short secret itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WrappedKey {
    /// Which wrapping key.
    pub id: String,
    /// In URL-safe base64 without padding.
    pub wrapped: String,
}

/// Keys by their ids, which are made of the keys' hashes: one that comes back opens what it wrapped.
#[derive(Debug, Clone)]
pub struct WrappingKeys(Vec<(String, DataKey)>);

/// What is wrong with the setting; it does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to 8 keys of 32 bytes in base64, separated by commas, as `openssl rand -base64 32` makes them"
)]
pub struct MalformedKeys;

impl FromStr for WrappingKeys {
    type Err = MalformedKeys;

    fn from_str(text: &str) -> Result<Self, MalformedKeys> {
        let keys: Option<Vec<_>> = text.split(',').take(MAX_KEYS + 1).map(named_key).collect();
        let keys = keys.filter(|keys| keys.len() <= MAX_KEYS);
        keys.map(Self).ok_or(MalformedKeys)
    }
}

fn named_key(text: &str) -> Option<(String, DataKey)> {
    let bytes = general_purpose::STANDARD.decode(text.trim()).ok()?;
    let hash = digest(&SHA256, &bytes);
    let id = general_purpose::URL_SAFE_NO_PAD.encode(hash.as_ref().get(..ID_BYTES)?);
    Some((id, DataKey::from_bytes(&bytes)?))
}

impl WrappingKeys {
    /// Wraps a data key with the newest wrapping key.
    ///
    /// # Errors
    /// [`SealingError::NoRandomness`].
    pub fn wrap(&self, key: &DataKey, context: &str) -> Result<WrappedKey, SealingError> {
        self.wrap_secret(key.bytes(), context)
    }

    /// The data key that was wrapped for this context.
    ///
    /// # Errors
    /// The wrapping key is gone, or the rest is not what [`WrappingKeys::wrap`] made for this context.
    pub fn unwrap(&self, key: &WrappedKey, context: &str) -> Result<DataKey, SealingError> {
        DataKey::from_bytes(&self.unwrap_secret(key, context)?).ok_or(SealingError::NotOurs)
    }

    /// Wraps a short secret itself, such as a token. A wrapping key must not wrap more than 2³² things.
    ///
    /// # Errors
    /// [`SealingError::NoRandomness`].
    pub fn wrap_secret(&self, secret: &[u8], context: &str) -> Result<WrappedKey, SealingError> {
        let (id, wrapping) = self.newest();
        let wrapped = wrapping.seal(context, secret)?;
        Ok(WrappedKey {
            id: id.to_owned(),
            wrapped: general_purpose::URL_SAFE_NO_PAD.encode(wrapped),
        })
    }

    /// The secret that was wrapped for this context.
    ///
    /// # Errors
    /// The wrapping key is gone, or the rest is not what [`WrappingKeys::wrap_secret`] made for this context.
    pub fn unwrap_secret(
        &self,
        secret: &WrappedKey,
        context: &str,
    ) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let wrapping = self.0.iter().find(|(id, _)| *id == secret.id);
        let (_, wrapping) = wrapping.ok_or(SealingError::NoSuchKey)?;
        let sealed = general_purpose::URL_SAFE_NO_PAD.decode(&secret.wrapped);
        let opened = wrapping.open(context, &sealed.map_err(|_| SealingError::NotOurs)?)?;
        Ok(Zeroizing::new(opened))
    }

    fn newest(&self) -> (&str, &DataKey) {
        let (id, key) = self.0.first().expect("a text always has a first part");
        (id, key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDE=";
    const TWO: &str = "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDI=";

    fn keys(texts: &[&str]) -> WrappingKeys {
        texts.join(",").parse().unwrap()
    }

    #[test]
    fn the_first_wraps_and_all_unwrap_until_they_are_gone() {
        let key = DataKey::generate().unwrap();
        let sealed = key.seal("x", b"text").unwrap();
        let old = keys(&[ONE]).wrap(&key, "x").unwrap();
        let both = keys(&[TWO, ONE]);
        assert_ne!(both.wrap(&key, "x").unwrap().id, old.id);
        let unwrapped = both.unwrap(&old, "x").unwrap();
        assert_eq!(unwrapped.open("x", &sealed).unwrap(), b"text");
        assert_eq!(both.unwrap(&old, "y").unwrap_err(), SealingError::NotOurs);
        assert_eq!(keys(&[TWO]).unwrap(&old, "x").unwrap_err(), SealingError::NoSuchKey);
    }

    #[test]
    fn a_wrapped_key_is_two_texts_in_json() {
        let wrapped = keys(&[ONE]).wrap(&DataKey::generate().unwrap(), "x").unwrap();
        let json = serde_json::to_value(&wrapped).unwrap();
        assert!(json["id"].is_string() && json["wrapped"].is_string());
        assert_eq!(serde_json::from_value::<WrappedKey>(json).unwrap(), wrapped);
    }

    #[test]
    fn malformed_keys_are_refused_without_being_repeated() {
        let nine = [ONE; 9].join(",");
        for text in ["", "a", "c2hvcnQ=", "a:bG9j", &nine, &format!("{ONE},")] {
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
