//! Asymmetric signatures, `v1a`: Ed25519, of which the receiver has the public half only.

use std::{fmt, str::FromStr, sync::Arc};

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::{KeyError, keys};

pub(crate) const PRIVATE_PREFIX: &str = "whsk_";
pub(crate) const PUBLIC_PREFIX: &str = "whpk_";
/// The version in front of a signature.
pub(crate) const VERSION: &str = "v1a";
const SEED_BYTES: usize = 32;
const PUBLIC_BYTES: usize = 32;

/// An Ed25519 key pair, written `whsk_` and the base64 of its private and its public half, 64 bytes. One for each endpoint, or
/// for each customer.
///
/// `Debug` hides it; [`PrivateKey::expose`] is the only way to see it.
#[derive(Clone)]
pub struct PrivateKey {
    seed: [u8; SEED_BYTES],
    pair: Arc<Ed25519KeyPair>,
}

/// The public half of a [`PrivateKey`], written `whpk_` and base64. No secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey([u8; PUBLIC_BYTES]);

impl PrivateKey {
    /// A new key pair.
    ///
    /// # Panics
    /// If the operating system gives no random bytes.
    #[must_use]
    pub fn generate() -> Self {
        Self::of(keys::random())
    }

    /// What receivers verify with.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        let public = self.pair.public_key().as_ref().try_into();
        PublicKey(public.expect("a public key of Ed25519 has 32 bytes"))
    }

    /// As it is kept by the sender, `whsk_…`. Who has it can sign.
    #[must_use]
    pub fn expose(&self) -> String {
        keys::write(PRIVATE_PREFIX, &[self.seed, self.public_key().0].concat())
    }

    pub(crate) fn sign(&self, content: &[u8]) -> impl AsRef<[u8]> + use<> {
        self.pair.sign(content)
    }

    fn of(seed: [u8; SEED_BYTES]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed);
        Self { seed, pair: Arc::new(pair.expect("any 32 bytes are a seed of Ed25519")) }
    }
}

impl PublicKey {
    pub(crate) fn has_signed(&self, content: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(content, signature).is_ok()
    }
}

/// Takes both halves, or the private one alone, as some tools write it.
impl FromStr for PrivateKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = keys::read(PRIVATE_PREFIX, text)?;
        let wrong = KeyError::Length { expected: "64, or 32", found: bytes.len() };
        let (seed, public) = bytes.split_first_chunk().ok_or(wrong.clone())?;
        let key = Self::of(*seed);
        match public.len() {
            0 => Ok(key),
            PUBLIC_BYTES if *public == key.public_key().0 => Ok(key),
            PUBLIC_BYTES => Err(KeyError::Halves),
            _ => Err(wrong),
        }
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = keys::read(PUBLIC_PREFIX, text)?;
        let public = bytes.as_slice().try_into();
        public.map(Self).map_err(|_| KeyError::Length { expected: "32", found: bytes.len() })
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&keys::write(PUBLIC_PREFIX, &self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        keys::hidden(f, PRIVATE_PREFIX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_key_pair_is_written_as_it_was_read() {
        let key = PrivateKey::generate();
        let (private, public) = (key.expose(), key.public_key().to_string());
        assert_eq!(private.parse::<PrivateKey>().unwrap().expose(), private);
        assert_eq!(public.parse::<PublicKey>().unwrap(), key.public_key());
        let alone = keys::write(PRIVATE_PREFIX, &key.seed);
        assert_eq!(alone.parse::<PrivateKey>().unwrap().expose(), private);
        assert_ne!(PrivateKey::generate().expose(), private);
    }

    #[test]
    fn halves_that_do_not_belong_together_and_other_lengths_are_refused() {
        let (one, two) = (PrivateKey::generate(), PrivateKey::generate());
        let mixed = keys::write(PRIVATE_PREFIX, &[one.seed, two.public_key().0].concat());
        assert_eq!(mixed.parse::<PrivateKey>().unwrap_err(), KeyError::Halves);
        for length in [0, 31, 33, 63, 65] {
            let text = keys::write(PRIVATE_PREFIX, &vec![1; length]);
            let refused = text.parse::<PrivateKey>().unwrap_err();
            assert_eq!(refused, KeyError::Length { expected: "64, or 32", found: length });
        }
        let short = keys::write(PUBLIC_PREFIX, &[1; 31]).parse::<PublicKey>().unwrap_err();
        assert_eq!(short, KeyError::Length { expected: "32", found: 31 });
    }
}
