//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::events::TAKEN_IN;
use crate::store::Contacts;
use crate::told;
use azure_data::{Cosmos, Storage, clock};
use custom_handler::{Settings, SettingsError};
use messages::{DeadLetterApp, DeadLetters, EventConsumer, EventReader, Publisher};
use public_api::{HealthChecks, Ownership, health::Dependency};
use values::Clock;

pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) contacts: Contacts,
    /// Reads what others tell.
    pub(crate) facts: EventReader,
    /// Tells others.
    pub(crate) publisher: Publisher,
    /// Whether callers are held to their own contact.
    pub(crate) ownership: Ownership,
    dead_letters: DeadLetters,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (cosmos, storage) = (Cosmos::read(settings, "contacts"), Storage::read(settings));
        let (clock, ownership) = (clock(settings), Ownership::read(settings));
        let publisher = Publisher::read(settings, told::CONTACT, told::TYPES);
        settings.check()?;
        let (cosmos, storage, clock) = (cosmos?, storage?, clock?);
        let queues = [Self::REPLAYS];
        let dead_letters = DeadLetters::read(settings, &cosmos, &storage, clock.clone(), &queues)?
            .telling_in(&storage, "contacts-open-letters");
        Ok(Self {
            clock,
            contacts: Contacts::new(&cosmos),
            facts: EventReader::new(settings, TAKEN_IN),
            publisher: publisher?,
            ownership: ownership?,
            dead_letters,
        })
    }
}

impl DeadLetterApp for App {
    const NAME: &'static str = "contacts";

    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }
}

impl HealthChecks for App {
    async fn dependencies(&self) -> Vec<Dependency> {
        vec![Dependency::ask("cosmosDb", self.contacts.ping()).await]
    }
}
