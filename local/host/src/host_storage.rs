//! The host's own storage, `AzureWebJobsStorage`: a value under the plain name wins over `AzureWebJobsStorage__…`, even
//! one without a key, and with that the real host does not start (host `BlobServiceClientProvider.cs`).

use local_wire::{ConnectionString, SharedKey};

use crate::Settings;

const NAME: &str = "AzureWebJobsStorage";

/// The value under the plain name is no connection string that the host could use.
#[derive(Debug, thiserror::Error)]
#[error(
    "the setting {NAME} is a connection string without {lacking}, and it wins over {NAME}__…: in Azure the host would not \
     start; remove {NAME} where {NAME}__accountName is meant, or set it to a whole one such as \
     UseDevelopmentStorage=true"
)]
pub struct HostStorageError {
    lacking: &'static str,
}

/// Refuses what the real host would not start with.
pub(crate) fn check(settings: &Settings) -> Result<(), HostStorageError> {
    let plain = settings
        .get(&format!("ConnectionStrings__{NAME}"))
        .or_else(|| settings.get(NAME))
        .filter(|text| !text.trim().is_empty() || has_identity(settings));
    match plain.and_then(|text| lacking(&text)) {
        Some(lacking) => Err(HostStorageError { lacking }),
        None => Ok(()),
    }
}

fn has_identity(settings: &Settings) -> bool {
    !settings.with_prefix(&format!("{NAME}__")).is_empty()
}

fn lacking(text: &str) -> Option<&'static str> {
    let Some(pairs) = ConnectionString::parse(text) else { return Some("an account") };
    let has_key = || {
        let account = pairs.get("AccountName").unwrap_or_default();
        pairs.get("AccountKey").is_some_and(|key| SharedKey::new(account, key).is_some())
    };
    let is_whole = pairs.is_true("UseDevelopmentStorage")
        || pairs.get("SharedAccessSignature").is_some()
        || (pairs.get("AccountName").is_some() && has_key());
    (!is_whole).then_some("a key")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_KEY: &str =
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=;EndpointSuffix=core.windows.net";

    #[test]
    fn a_value_without_a_key_is_refused_also_beside_an_identity() {
        let refused = |settings: Settings| check(&settings).is_err();
        let account = ("AzureWebJobsStorage__accountName", "a");
        assert!(refused(Settings::of([("AzureWebJobsStorage", NO_KEY), account])));
        assert!(refused(Settings::of([
            ("ConnectionStrings__AzureWebJobsStorage", NO_KEY),
            account
        ])));
        assert!(refused(Settings::of([("AzureWebJobsStorage", ""), account])));
        assert!(refused(Settings::of([("AzureWebJobsStorage", NO_KEY)])));
        assert!(refused(Settings::of([(
            "AzureWebJobsStorage",
            "https://a.blob.core.windows.net"
        )])));

        assert!(!refused(Settings::of([account])));
        assert!(!refused(Settings::of([("AzureWebJobsStorage", "")])));
        assert!(!refused(Settings::of([])));
        let whole = ("AzureWebJobsStorage", "UseDevelopmentStorage=true");
        assert!(!refused(Settings::of([whole, account])), "it wins, and it works");
    }
}
