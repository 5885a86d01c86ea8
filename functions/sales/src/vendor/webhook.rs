//! What the vendor tells: that one of its orders has changed. It is believed when it is signed, and says only which order
//! to read.

use custom_handler::{Request, Setting, Settings, SettingsError};
use jiff::Timestamp;
use serde::Deserialize;
use std::str::FromStr;
use webhooks::{Headers, Secret, Verifier, VerifyError};

const SECRETS: Setting = Setting::new(
    "VENDOR_WEBHOOK_SECRET",
    "what the vendor signs its webhooks with, `whsec_…` as the vendor gives it; several, separated by commas, to change \
     it: each is right",
    "whsec_bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDU=",
);
/// How a secret begins that the vendor gives.
const PREFIX: &str = "whsec_";
/// Most secrets at once.
const MAX_SECRETS: usize = 4;

/// Who is believed to be the vendor.
#[derive(Debug)]
pub(crate) struct VendorWebhooks(Verifier);

/// The setting does not hold secrets.
#[derive(Debug, thiserror::Error)]
#[error("must be a secret of Standard Webhooks (whsec_…), or up to 4, separated by commas")]
pub(crate) struct NoSecrets;

impl FromStr for VendorWebhooks {
    type Err = NoSecrets;

    fn from_str(text: &str) -> Result<Self, NoSecrets> {
        let secrets = text.split(',').take(MAX_SECRETS + 1).map(|one| secret(one.trim()));
        let secrets = secrets.collect::<Result<Vec<_>, _>>().map_err(|_| NoSecrets)?;
        let mut secrets =
            Some(secrets).filter(|all| all.len() <= MAX_SECRETS).ok_or(NoSecrets)?.into_iter();
        let first = Verifier::new(secrets.next().ok_or(NoSecrets)?);
        Ok(Self(secrets.fold(first, |verifier, secret| verifier.or(secret))))
    }
}

/// Base64 alone is a secret as well: so the vault makes up what nobody knows, until the vendor's own is put in.
fn secret(text: &str) -> Result<Secret, webhooks::KeyError> {
    match text.starts_with(PREFIX) {
        true => text.parse(),
        false => format!("{PREFIX}{text}").parse(),
    }
}

/// What is told, as far as it is listened to.
#[derive(Debug, Deserialize)]
pub(crate) struct VendorEvent {
    pub(crate) data: VendorEventData,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VendorEventData {
    pub(crate) order_id: String,
}

impl VendorWebhooks {
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        settings.value(&SECRETS)
    }

    /// Whether the vendor sent this, a short while ago.
    ///
    /// # Errors
    /// It did not, or it is a recording.
    pub(crate) fn check(&self, request: &Request, now: Timestamp) -> Result<(), VerifyError> {
        let pairs = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let headers = Headers::from_pairs(pairs)?;
        self.0.verify(&headers, request.body(), now).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_one_or_some_and_nothing_else() {
        let one = SECRETS.example;
        assert!(one.parse::<VendorWebhooks>().is_ok());
        assert!(one.trim_start_matches(PREFIX).parse::<VendorWebhooks>().is_ok());
        assert!(format!("{one}, {one}").parse::<VendorWebhooks>().is_ok());
        for wrong in ["", "secret", &format!("{one},"), &[one; 5].join(",")] {
            assert!(wrong.parse::<VendorWebhooks>().is_err(), "{wrong}");
        }
    }
}
