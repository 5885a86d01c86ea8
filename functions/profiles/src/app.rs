//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::store::{GivenUpMessages, Profiles, Requests, Services};
use custom_handler::{Settings, SettingsError};
use iommi_app::{Clock, Continuation, Cosmos, CosmosSettings, Queue, Storage, StorageSettings};

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) profiles: Profiles,
    pub(crate) services: Services,
    pub(crate) requests: Requests,
    /// Messages that functions gave up.
    pub(crate) given_up: GivenUpMessages,
    /// What became of photos, from the photos app.
    pub(crate) photo_decisions: Queue,
    /// Tells the photos app who was erased.
    pub(crate) photo_erasures: Queue,
    pub(crate) continuation: Continuation,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let cosmos = CosmosSettings::read(settings);
        let storage = StorageSettings::read(settings);
        let continuation = settings
            .parse("CONTINUATION_KEY", "32 random bytes in base64: openssl rand -base64 32");
        settings.check()?;
        let (cosmos, storage) = (Cosmos::new(cosmos?), Storage::new(storage?));
        Ok(Self {
            clock: Clock,
            profiles: Profiles::new(&cosmos),
            services: Services::new(&cosmos),
            requests: Requests::new(&cosmos),
            given_up: GivenUpMessages::new(&cosmos),
            photo_decisions: storage.queue("photo-decisions"),
            photo_erasures: storage.queue("photo-erasures"),
            continuation: continuation?,
        })
    }
}
