//! What licence keys are sealed with: nobody who reads our stores reads one.

use crate::domain::{LicenceId, Sealed};
use crate::vendor::LicenceKey;
use custom_handler::{Setting, Settings, SettingsError};
use sealing::{SealingError, WrappedKey, WrappingKeys};

const LICENCE_KEYS: Setting = Setting::new(
    "LICENCE_KEYS",
    "what seals licence keys for as long as the licences are good: 32 bytes in base64; several, separated by commas: the \
     first seals, all open; one stays until nothing is sealed with it",
    "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDY=",
);

#[derive(Debug, Clone)]
pub(crate) struct LicenceKeys(WrappingKeys);

impl LicenceKeys {
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        settings.value(&LICENCE_KEYS).map(Self)
    }

    /// Seals a key for one licence: no other's opens it.
    pub(crate) fn seal(&self, key: &LicenceKey, of: LicenceId) -> Result<Sealed, SealingError> {
        let wrapped = self.0.wrap_secret(key.as_str().as_bytes(), &of.to_string())?;
        Ok(Sealed { id: wrapped.id, wrapped: wrapped.wrapped })
    }

    pub(crate) fn open(&self, sealed: &Sealed, of: LicenceId) -> Result<LicenceKey, SealingError> {
        let wrapped = WrappedKey { id: sealed.id.clone(), wrapped: sealed.wrapped.clone() };
        let secret = self.0.unwrap_secret(&wrapped, &of.to_string())?;
        let text = std::str::from_utf8(&secret).map_err(|_| SealingError::NotOurs)?;
        Ok(LicenceKey::new(text.to_owned()))
    }
}
