//! A receiver: a name in an address, and the keys that it believes.

use serde::{Deserialize, Serialize};
use webhooks::{KeyError, Verifier, VerifyingKey};

/// The longest name.
const MAX_NAME: usize = 64;
/// While a key changes there are two.
const MAX_KEYS: usize = 8;

/// A receiver of webhooks at `/hooks/{name}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Receiver {
    pub(crate) name: String,
    /// `whsec_…` and `whpk_…`, the newest first; never empty.
    keys: Vec<String>,
}

/// Which keys count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    All,
    Oldest,
}

impl Receiver {
    /// With these keys, the newest first.
    pub(crate) fn new(name: &str, keys: Vec<String>) -> Result<Self, String> {
        if !is_name(name) {
            return Err(format!(
                "a receiver's name has 1 to {MAX_NAME} characters of a to z, 0 to 9, - and _"
            ));
        }
        if !(1..=MAX_KEYS).contains(&keys.len()) {
            return Err(format!("a receiver has 1 to {MAX_KEYS} keys, whsec_… or whpk_…"));
        }
        let receiver = Self { name: name.to_owned(), keys };
        receiver.parsed().map_err(|error| format!("a key of {name}: {error}"))?;
        Ok(receiver)
    }

    /// What kinds of keys there are, in their order; not the keys.
    pub(crate) fn kinds(&self) -> Vec<&str> {
        let prefix = |key: &'_ String| key.find('_').map_or(0, |end| end + 1);
        self.keys.iter().map(|key| &key[..prefix(key)]).collect()
    }

    /// Verifies with these of its keys.
    pub(crate) fn verifier(&self, which: Keys) -> Result<Verifier, KeyError> {
        let mut keys = self.parsed()?;
        if which == Keys::Oldest {
            keys.drain(..keys.len().saturating_sub(1));
        }
        let mut keys = keys.into_iter();
        let first = Verifier::new(keys.next().expect("a receiver has a key"));
        Ok(keys.fold(first, Verifier::or))
    }

    fn parsed(&self) -> Result<Vec<VerifyingKey>, KeyError> {
        self.keys.iter().map(|key| key.parse()).collect()
    }
}

/// Whether a text may be a receiver's name.
pub(crate) fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
    };
    (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_receiver_has_a_name_and_keys_and_shows_only_their_kinds() {
        let secret = webhooks::Secret::generate().expose();
        let public = webhooks::PrivateKey::generate().public_key().to_string();
        let receiver = Receiver::new("main-2_b", vec![public, secret.clone()]).unwrap();
        assert_eq!(receiver.kinds(), ["whpk_", "whsec_"]);
        for name in ["", "Main", "a/b", "a b", &"a".repeat(65)] {
            assert!(Receiver::new(name, vec![secret.clone()]).is_err(), "{name}");
        }
        for keys in [vec![], vec!["whsec_".to_owned()], vec![secret.clone(); MAX_KEYS + 1]] {
            let error = Receiver::new("main", keys).unwrap_err();
            assert!(!error.contains(&secret), "{error}");
        }
    }
}
