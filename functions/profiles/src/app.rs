//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::store::{Profiles, Requests, Services};
use custom_handler::{Settings, SettingsError};
use iommi_app::{Clock, Continuation, Cosmos, CosmosSettings};

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) profiles: Profiles,
    pub(crate) services: Services,
    pub(crate) requests: Requests,
    pub(crate) continuation: Continuation,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let cosmos = CosmosSettings::read(settings);
        let continuation = settings
            .parse("CONTINUATION_KEY", "32 random bytes in base64: openssl rand -base64 32");
        settings.check()?;
        let cosmos = Cosmos::new(cosmos?);
        Ok(Self {
            clock: Clock,
            profiles: Profiles::new(&cosmos),
            services: Services::new(&cosmos),
            requests: Requests::new(&cosmos),
            continuation: continuation?,
        })
    }
}
