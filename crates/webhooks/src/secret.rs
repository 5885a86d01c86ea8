//! Symmetric signatures, `v1`: HMAC-SHA256 with a secret that both sides have.

use std::{fmt, str::FromStr};

use ring::hmac::{self, HMAC_SHA256};

use crate::{KeyError, keys};

pub(crate) const PREFIX: &str = "whsec_";
/// The version in front of a signature.
pub(crate) const VERSION: &str = "v1";
/// The least and the most bytes of a secret.
const MIN_BYTES: usize = 24;
const MAX_BYTES: usize = 64;
/// Of a generated secret: as many as HMAC-SHA256 makes use of without hashing the key first.
const GENERATED_BYTES: usize = 32;

/// A secret that sender and receiver share: 24 to 64 random bytes, written `whsec_` and base64. One for each endpoint.
///
/// `Debug` hides it; [`Secret::expose`] is the only way to see it.
#[derive(Clone)]
pub struct Secret {
    bytes: Box<[u8]>,
    key: hmac::Key,
}

impl Secret {
    /// A new secret of 32 random bytes.
    ///
    /// # Panics
    /// If the operating system gives no random bytes.
    #[must_use]
    pub fn generate() -> Self {
        Self::of(keys::random::<GENERATED_BYTES>().into())
    }

    /// A secret of these bytes, which are random.
    ///
    /// # Errors
    /// There are fewer than 24 or more than 64.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        if !(MIN_BYTES..=MAX_BYTES).contains(&bytes.len()) {
            return Err(KeyError::Length { expected: "24 to 64", found: bytes.len() });
        }
        Ok(Self::of(bytes.into()))
    }

    /// As it is shown to the receiver, `whsec_…`. Who has it can sign.
    #[must_use]
    pub fn expose(&self) -> String {
        keys::write(PREFIX, &self.bytes)
    }

    pub(crate) fn sign(&self, content: &[u8]) -> impl AsRef<[u8]> + use<> {
        hmac::sign(&self.key, content)
    }

    pub(crate) fn has_signed(&self, content: &[u8], signature: &[u8]) -> bool {
        // Compares in constant time.
        hmac::verify(&self.key, content, signature).is_ok()
    }

    fn of(bytes: Box<[u8]>) -> Self {
        let key = hmac::Key::new(HMAC_SHA256, &bytes);
        Self { bytes, key }
    }
}

impl FromStr for Secret {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(&keys::read(PREFIX, text)?)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        keys::hidden(f, PREFIX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_secret_has_24_to_64_bytes_and_is_written_as_it_was_read() {
        for bytes in [MIN_BYTES, GENERATED_BYTES, MAX_BYTES] {
            let written = keys::write(PREFIX, &vec![7; bytes]);
            assert_eq!(written.parse::<Secret>().unwrap().expose(), written);
        }
        for bytes in [0, MIN_BYTES - 1, MAX_BYTES + 1] {
            let refused = keys::write(PREFIX, &vec![7; bytes]).parse::<Secret>().unwrap_err();
            assert_eq!(refused, KeyError::Length { expected: "24 to 64", found: bytes });
        }
        assert_ne!(Secret::generate().expose(), Secret::generate().expose());
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let refused = |text: &str| text.parse::<Secret>().unwrap_err();
        assert_eq!(refused("C2FVsBQIhrscChlQIMV+b5sSYspob7oD"), KeyError::Prefix("whsec_"));
        assert_eq!(refused("whsec_C2FVsBQIhrscChlQIMV-b5sSYspob7oD"), KeyError::Base64("whsec_"));
        assert_eq!(refused(" whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"), KeyError::Prefix("whsec_"));
    }
}
