use azure_core::http::Url;
use custom_handler::{Setting, Settings, SettingsError};
use std::fmt;

const BLOBS: Setting = Setting::new(
    "STORAGE__blobServiceUri",
    "where the blobs are; http only on this machine",
    "https://iommidev.blob.core.windows.net/",
);
const QUEUES: Setting = Setting::new(
    "STORAGE__queueServiceUri",
    "where the queues are; http only on this machine",
    "https://iommidev.queue.core.windows.net/",
);

/// Where blobs and queues are.
#[derive(Clone)]
pub(super) struct StorageSettings {
    pub(super) blobs: Url,
    pub(super) queues: Url,
}

impl StorageSettings {
    pub(super) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let (blobs, queues) = (settings.value(&BLOBS), settings.value(&QUEUES));
        Ok(Self { blobs: blobs?, queues: queues? })
    }
}

/// Without the queries: they hold signatures.
impl fmt::Debug for StorageSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StorageSettings")
            .field("blobs", &without_query(&self.blobs).as_str())
            .field("queues", &without_query(&self.queues).as_str())
            .finish()
    }
}

/// The URL without its signature.
pub(super) fn without_query(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_settings_are_asked_for_at_once() {
        let settings = Settings::from_map([("STORAGE__blobServiceUri", "nowhere")]);
        assert!(StorageSettings::read(&settings).is_err());
        assert_eq!(settings.check().unwrap_err().problems().len(), 2);
    }

    #[test]
    fn a_signature_is_not_shown() {
        let settings = Settings::from_map([
            ("STORAGE__blobServiceUri", "http://127.0.0.1:10000/devstoreaccount1?sig=secret"),
            ("STORAGE__queueServiceUri", "http://127.0.0.1:10001/devstoreaccount1?sig=secret"),
        ]);
        let shown = format!("{:?}", StorageSettings::read(&settings).unwrap());
        assert!(shown.contains("10001") && !shown.contains("secret"), "{shown}");
    }
}
