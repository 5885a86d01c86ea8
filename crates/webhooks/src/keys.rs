//! Keys of both kinds, told apart by what they begin with.

use std::{fmt, str::FromStr};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::{PrivateKey, PublicKey, Secret, asymmetric, secret};

/// What a message is signed with: a secret that the receiver has too (`whsec_…`, signature `v1`), or a private key
/// whose public half the receiver has (`whsk_…`, signature `v1a`). The specification prefers the second where the receiver's
/// security is not in your hands.
#[derive(Clone, Debug)]
pub enum SigningKey {
    /// HMAC-SHA256.
    Secret(Secret),
    /// Ed25519.
    Private(PrivateKey),
}

/// What a message is verified with: the secret that it was signed with (`whsec_…`), or the public key (`whpk_…`).
#[derive(Clone, Debug)]
pub enum VerifyingKey {
    /// HMAC-SHA256.
    Secret(Secret),
    /// Ed25519.
    Public(PublicKey),
}

/// A text is no key. It never says what the text was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It begins with something else: perhaps it is a key of another kind.
    #[error("the key begins with none of {0}: perhaps it is of another kind")]
    Prefix(&'static str),
    /// Behind the prefix is no base64 in its standard alphabet, with its padding.
    #[error("what follows {0} is not standard base64")]
    Base64(&'static str),
    /// Too short to be safe, or longer than the specification allows.
    #[error("the key has {found} bytes: there are {expected}")]
    Length {
        /// How many there may be.
        expected: &'static str,
        /// How many there are.
        found: usize,
    },
    /// The public key behind a private one is not its own.
    #[error("the private and the public half of the key do not belong together")]
    Halves,
}

impl SigningKey {
    /// The signature as it stands in the header: version, comma, base64.
    pub(crate) fn sign(&self, content: &[u8]) -> String {
        match self {
            Self::Secret(secret) => versioned(secret::VERSION, secret.sign(content).as_ref()),
            Self::Private(key) => versioned(asymmetric::VERSION, key.sign(content).as_ref()),
        }
    }

    /// What a receiver verifies with.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        match self {
            Self::Secret(secret) => secret.clone().into(),
            Self::Private(key) => key.public_key().into(),
        }
    }
}

impl VerifyingKey {
    /// Whether a signature of this version, in base64, is of this content. It takes as long whatever is wrong with a
    /// signature of the right length.
    pub(crate) fn has_signed(&self, content: &[u8], version: &str, signature: &str) -> bool {
        let of_this_version = match self {
            Self::Secret(_) => version == secret::VERSION,
            Self::Public(_) => version == asymmetric::VERSION,
        };
        let signature = of_this_version.then(|| BASE64_STANDARD.decode(signature).ok()).flatten();
        signature.is_some_and(|signature| match self {
            Self::Secret(secret) => secret.has_signed(content, &signature),
            Self::Public(key) => key.has_signed(content, &signature),
        })
    }
}

fn versioned(version: &str, signature: &[u8]) -> String {
    format!("{version},{}", BASE64_STANDARD.encode(signature))
}

/// The bytes behind a prefix.
pub(crate) fn read(prefix: &'static str, text: &str) -> Result<Vec<u8>, KeyError> {
    let encoded = text.strip_prefix(prefix).ok_or(KeyError::Prefix(prefix))?;
    BASE64_STANDARD.decode(encoded).map_err(|_| KeyError::Base64(prefix))
}

pub(crate) fn write(prefix: &str, bytes: &[u8]) -> String {
    format!("{prefix}{}", BASE64_STANDARD.encode(bytes))
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system has random bytes");
    bytes
}

impl FromStr for SigningKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.starts_with(secret::PREFIX) {
            return text.parse().map(Self::Secret);
        }
        if text.starts_with(asymmetric::PRIVATE_PREFIX) {
            return text.parse().map(Self::Private);
        }
        Err(KeyError::Prefix("whsec_ and whsk_"))
    }
}

impl FromStr for VerifyingKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.starts_with(secret::PREFIX) {
            return text.parse().map(Self::Secret);
        }
        if text.starts_with(asymmetric::PUBLIC_PREFIX) {
            return text.parse().map(Self::Public);
        }
        Err(KeyError::Prefix("whsec_ and whpk_"))
    }
}

impl From<Secret> for SigningKey {
    fn from(secret: Secret) -> Self {
        Self::Secret(secret)
    }
}

impl From<PrivateKey> for SigningKey {
    fn from(key: PrivateKey) -> Self {
        Self::Private(key)
    }
}

impl From<Secret> for VerifyingKey {
    fn from(secret: Secret) -> Self {
        Self::Secret(secret)
    }
}

impl From<PublicKey> for VerifyingKey {
    fn from(key: PublicKey) -> Self {
        Self::Public(key)
    }
}

/// What a key shows of itself in a log.
pub(crate) fn hidden(f: &mut fmt::Formatter<'_>, prefix: &str) -> fmt::Result {
    write!(f, "{prefix}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn keys_are_told_apart_by_what_they_begin_with() {
        let (secret, private) = (Secret::generate(), PrivateKey::generate());
        let public = private.public_key().to_string();
        let signing = |text: &str| text.parse::<SigningKey>();
        let verifying = |text: &str| text.parse::<VerifyingKey>();
        assert!(matches!(signing(&secret.expose()), Ok(SigningKey::Secret(_))));
        assert!(matches!(signing(&private.expose()), Ok(SigningKey::Private(_))));
        assert_eq!(signing(&public).unwrap_err(), KeyError::Prefix("whsec_ and whsk_"));
        assert!(matches!(verifying(&secret.expose()), Ok(VerifyingKey::Secret(_))));
        assert!(matches!(verifying(&public), Ok(VerifyingKey::Public(_))));
        assert_eq!(verifying(&private.expose()).unwrap_err(), KeyError::Prefix("whsec_ and whpk_"));
    }

    #[test]
    fn neither_a_log_nor_an_error_shows_a_key() {
        let (secret, private) = (Secret::generate(), PrivateKey::generate());
        let exposed = [secret.expose(), private.expose()];
        let keys: [SigningKey; 2] = [secret.into(), private.into()];
        let shown = format!("{keys:?} {:?}", keys[0].verifying_key());
        for exposed in exposed {
            let (_, encoded) = exposed.split_once('_').unwrap();
            assert!(!shown.contains(&encoded[..8]), "{shown}");
            let spoiled = format!("{}!", &exposed[..exposed.len() - 2]);
            let error = spoiled.parse::<SigningKey>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains(&encoded[..8]), "{error}");
        }
    }
}
