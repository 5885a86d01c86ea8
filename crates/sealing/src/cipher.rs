//! One key, and what it seals.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use zeroize::Zeroizing;

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// The first byte of all that is sealed: how it was.
const FORM: u8 = 1;

/// Why something was not sealed or opened. It says nothing of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealingError {
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// It is too long, by far.
    #[error("this is too much to seal")]
    TooLong,
    /// It was sealed with another key or for another context, or was changed.
    #[error("it was not sealed with this key for this context")]
    NotOurs,
    /// The key that it was wrapped with is gone.
    #[error("the key that it was wrapped with is not among ours; it may have been destroyed")]
    NoSuchKey,
}

/// A key for one purpose, such as one assessment. Its bytes are wiped from memory when it is dropped.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; KEY_BYTES]>);

impl DataKey {
    /// A new one.
    ///
    /// # Errors
    /// [`SealingError::NoRandomness`].
    pub fn generate() -> Result<Self, SealingError> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        SystemRandom::new().fill(&mut *bytes).map_err(|_| SealingError::NoRandomness)?;
        Ok(Self(bytes))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &*self.0
    }

    /// Seals: form, nonce, ciphertext, tag; 29 bytes longer than `plain`.
    ///
    /// # Errors
    /// The system has no random numbers, or `plain` is longer than 64 GiB.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, SealingError> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| SealingError::NoRandomness)?;
        let mut body = plain.to_vec();
        let sealed = self.cipher().seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(context.as_bytes()),
            &mut body,
        );
        sealed.map_err(|_| SealingError::TooLong)?;
        Ok([&[FORM], &nonce[..], &body].concat())
    }

    /// Opens what [`DataKey::seal`] made for the same context.
    ///
    /// # Errors
    /// [`SealingError::NotOurs`].
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, SealingError> {
        let rest = sealed.strip_prefix(&[FORM]).ok_or(SealingError::NotOurs)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(SealingError::NotOurs)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealingError::NotOurs)?;
        let mut body = body.to_vec();
        let opened = self.cipher().open_in_place(nonce, Aad::from(context.as_bytes()), &mut body);
        let length = opened.map_err(|_| SealingError::NotOurs)?.len();
        body.truncate(length);
        Ok(body)
    }

    fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM, self.bytes());
        LessSafeKey::new(key.expect("a data key is as long as the cipher asks"))
    }
}

/// Says nothing of the key.
impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_seals_of_the_same_differ() {
        let key = DataKey::generate().unwrap();
        assert_ne!(key.seal("c", b"same"), key.seal("c", b"same"));
    }

    #[test]
    fn a_key_is_not_shown() {
        assert_eq!(format!("{:?}", DataKey::generate().unwrap()), "DataKey");
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_unless_a_bit_changed(
            plain: Vec<u8>, context in ".{0,20}", at: prop::sample::Index, bit in 0..8_u8,
        ) {
            let key = DataKey::generate().unwrap();
            let mut sealed = key.seal(&context, &plain).unwrap();
            prop_assert_eq!(sealed.len(), plain.len() + 29);
            prop_assert_eq!(key.open(&context, &sealed), Ok(plain));
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert_eq!(key.open(&context, &sealed), Err(SealingError::NotOurs));
            prop_assert_eq!(key.open(&context, &sealed[..at]), Err(SealingError::NotOurs));
        }
    }
}
