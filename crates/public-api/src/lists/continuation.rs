//! Page tokens. A list hands out where it stopped as an opaque text; sealed, so that a client cannot learn
//! from it, forge it, or use the token of one list in another.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use custom_handler::{Setting, Settings, SettingsError};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

/// The keys that seal page tokens.
pub const CONTINUATION_KEY: Setting = Setting::new(
    "CONTINUATION_KEY",
    "32 random bytes in base64 that seal page tokens; several, separated by commas, to change the key: the first seals, \
     all open",
    "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDE=",
);
/// Longest token that is looked at, in characters.
const MAX_TOKEN_CHARS: usize = 512;

/// Seals and opens the page tokens of an app.
pub struct Continuation {
    keys: Vec<LessSafeKey>,
    random: SystemRandom,
}

/// The setting does not hold keys.
#[derive(Debug, thiserror::Error)]
#[error(
    "must be one or more 32-byte keys in base64, separated by commas; the first seals, all of them open"
)]
pub struct ContinuationKeyError;

/// The token is not one of ours, or belongs to another list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be the continuation of the page before, unchanged; leave it out to start from the beginning"
)]
pub struct Unsealable;

impl std::str::FromStr for Continuation {
    type Err = ContinuationKeyError;

    /// To change the key without breaking lists that are being read: put the new one first, drop the old
    /// one a day later.
    fn from_str(keys: &str) -> Result<Self, Self::Err> {
        let key = |text: &str| {
            let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok()?;
            UnboundKey::new(&CHACHA20_POLY1305, &bytes).ok().map(LessSafeKey::new)
        };
        let keys: Option<Vec<_>> = keys.split(',').map(key).collect();
        keys.map(|keys| Self { keys, random: SystemRandom::new() }).ok_or(ContinuationKeyError)
    }
}

impl Continuation {
    /// Reads [`CONTINUATION_KEY`].
    ///
    /// # Errors
    /// Whatever is missing or malformed is noted in `settings`, which reports all of it at once.
    pub fn read(settings: &Settings) -> Result<Self, SettingsError> {
        settings.value(&CONTINUATION_KEY)
    }

    /// Seals `position`; only the same `list` opens it again.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn seal(&self, list: &str, position: &str) -> Result<String, Unsealable> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| Unsealable)?;
        let mut sealed = position.as_bytes().to_vec();
        let key = self.keys.first().ok_or(Unsealable)?;
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(list),
            &mut sealed,
        )
        .map_err(|_| Unsealable)?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// The position that [`Continuation::seal`] was given.
    ///
    /// # Errors
    /// The token was changed, is another list's, or was sealed with a key that is gone.
    pub fn open(&self, list: &str, token: &str) -> Result<String, Unsealable> {
        if token.len() > MAX_TOKEN_CHARS {
            return Err(Unsealable);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Unsealable)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(Unsealable)?;
        let open = |key: &LessSafeKey| {
            let mut sealed = sealed.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let plain = key.open_in_place(nonce, Aad::from(list), &mut sealed).ok()?;
            String::from_utf8(plain.to_vec()).ok()
        };
        self.keys.iter().find_map(open).ok_or(Unsealable)
    }
}

impl std::fmt::Debug for Continuation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Continuation(keys hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    #[test]
    fn a_token_opens_for_its_own_list_only() {
        let seals: Continuation = OLD.parse().unwrap();
        let token = seals.seal("profiles", "0198").unwrap();
        assert_eq!(seals.open("profiles", &token).as_deref(), Ok("0198"));
        assert_eq!(seals.open("services", &token), Err(Unsealable));
    }

    #[test]
    fn a_token_hides_its_position_and_refuses_every_change() {
        let seals: Continuation = OLD.parse().unwrap();
        let token = seals.seal("profiles", "0198").unwrap();
        assert!(!token.contains("0198"));
        for at in 0..token.len() {
            let other = if &token[at..=at] == "A" { "B" } else { "A" };
            let mut forged = token.clone();
            forged.replace_range(at..=at, other);
            assert_eq!(seals.open("profiles", &forged), Err(Unsealable), "character {at}");
        }
        for garbage in ["", "A", "????", &"A".repeat(MAX_TOKEN_CHARS + 1)] {
            assert_eq!(seals.open("profiles", garbage), Err(Unsealable));
        }
    }

    #[test]
    fn a_new_key_in_front_still_opens_what_the_old_one_sealed() {
        let old: Continuation = OLD.parse().unwrap();
        let both: Continuation = format!("{NEW},{OLD}").parse().unwrap();
        let token = old.seal("profiles", "x").unwrap();
        assert_eq!(both.open("profiles", &token).as_deref(), Ok("x"));
        assert_eq!(old.open("profiles", &both.seal("profiles", "x").unwrap()), Err(Unsealable));
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!("c2hvcnQ=".parse::<Continuation>().is_err());
    }
}
