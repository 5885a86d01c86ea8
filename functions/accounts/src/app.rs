//! What the functions of this app share: read once from the settings, alive as long as the process.
use crate::store::Records;
use azure_data::{Cosmos, Storage};
use custom_handler::{Settings, SettingsError};
use messages::{DeadLetterApp, DeadLetters};
use public_api::{HealthChecks, health::Dependency};

pub(crate) struct App {
    pub(crate) records: Records,
    dead_letters: DeadLetters,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (cosmos, storage) = (Cosmos::read(settings, "accounts"), Storage::read(settings));
        let clock = azure_data::clock(settings);
        settings.check()?;
        let (cosmos, storage, queues) = (cosmos?, storage?, ["accounts-work"]);
        let dead_letters = DeadLetters::read(settings, &cosmos, &storage, clock?, &queues)?;
        Ok(Self { records: Records::new(&cosmos), dead_letters })
    }
}

impl DeadLetterApp for App {
    const NAME: &'static str = "accounts";
    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }
}

impl HealthChecks for App {
    async fn dependencies(&self) -> Vec<Dependency> {
        vec![Dependency::ask("cosmosDb", self.records.read("ping", "ping")).await]
    }
}
