//! What is sealed, and with which keys: bank data and tokens with keys that are gone within days, all that a partner
//! needs for longer with keys that stay.

use crate::domain::{PartnerId, Sealed, Subject};
use custom_handler::{Setting, Settings, SettingsError};
use ring::hmac;
use sealing::{DataKey, SEALING_KEYS, SealingError, WrappedKey, WrappingKeys};
use std::fmt::Write as _;

/// The keys of what is kept for long.
pub(crate) const SECRET_KEYS: Setting = Setting::new(
    "SECRET_KEYS",
    "what seals partners' secrets and references for as long as they are kept: as SEALING_KEYS, but a key stays until \
     nothing is sealed with it",
    "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDI=",
);
/// Bytes of the key that a partner's pseudonyms are made with.
const PSEUDONYM_KEY_BYTES: usize = 32;

#[derive(Debug, Clone)]
pub(crate) struct Secrets {
    passing: WrappingKeys,
    lasting: WrappingKeys,
}

impl Secrets {
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let (passing, lasting) = (settings.value(&SEALING_KEYS), settings.value(&SECRET_KEYS));
        Ok(Self { passing: passing?, lasting: lasting? })
    }

    /// A key for one assessment, and the same one wrapped.
    pub(crate) fn new_key(&self, context: &str) -> Result<(DataKey, Sealed), SealingError> {
        let key = DataKey::generate()?;
        let wrapped = self.passing.wrap(&key, context)?;
        Ok((key, sealed(wrapped)))
    }

    /// A key that [`Secrets::new_key`] made for the same context.
    pub(crate) fn key(&self, key: &Sealed, context: &str) -> Result<DataKey, SealingError> {
        self.passing.unwrap(&wrapped(key), context)
    }

    /// Seals what is not needed for longer than days, such as a bank's token.
    pub(crate) fn seal_for_now(&self, text: &str, context: &str) -> Result<Sealed, SealingError> {
        self.passing.wrap_secret(text.as_bytes(), context).map(sealed)
    }

    pub(crate) fn open_for_now(&self, it: &Sealed, context: &str) -> Result<String, SealingError> {
        text(&self.passing, it, context)
    }

    /// Seals what a partner needs for as long as it is a partner.
    pub(crate) fn seal_for_long(&self, text: &str, context: &str) -> Result<Sealed, SealingError> {
        self.lasting.wrap_secret(text.as_bytes(), context).map(sealed)
    }

    pub(crate) fn open_for_long(&self, it: &Sealed, context: &str) -> Result<String, SealingError> {
        text(&self.lasting, it, context)
    }

    /// A new key for a partner's pseudonyms.
    pub(crate) fn new_pseudonym_key(&self, partner: &PartnerId) -> Result<Sealed, SealingError> {
        let key = DataKey::generate()?;
        let mut bytes = key.seal("", &[0; PSEUDONYM_KEY_BYTES])?;
        let seed = bytes.split_off(bytes.len() - PSEUDONYM_KEY_BYTES);
        self.lasting.wrap_secret(&seed, partner.as_str()).map(sealed)
    }

    /// The partner's pseudonym of a person.
    pub(crate) fn subject(
        &self,
        partner: &PartnerId,
        pseudonym_key: &Sealed,
        reference: &str,
    ) -> Result<Subject, SealingError> {
        let key = self.lasting.unwrap_secret(&wrapped(pseudonym_key), partner.as_str())?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let mac = hmac::sign(&key, reference.as_bytes());
        let digits = mac.as_ref().iter().fold(String::with_capacity(64), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        });
        Ok(Subject::new(digits))
    }
}

fn text(keys: &WrappingKeys, it: &Sealed, context: &str) -> Result<String, SealingError> {
    let secret = keys.unwrap_secret(&wrapped(it), context)?;
    String::from_utf8(secret.to_vec()).map_err(|_| SealingError::NotOurs)
}

fn sealed(key: WrappedKey) -> Sealed {
    Sealed { id: key.id, wrapped: key.wrapped }
}

fn wrapped(sealed: &Sealed) -> WrappedKey {
    WrappedKey { id: sealed.id.clone(), wrapped: sealed.wrapped.clone() }
}
