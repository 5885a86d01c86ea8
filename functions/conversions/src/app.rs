//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::events::TAKEN_IN;
use crate::store::{Leads, Sales, SalesFiles};
use crate::told;
use azure_data::{Cosmos, QueueSender, Storage, clock};
use custom_handler::{Settings, SettingsError};
use messages::{DeadLetterApp, DeadLetters, EventConsumer, EventReader, Publisher};
use public_api::{HealthChecks, health::Dependency};
use values::Clock;

/// The queue of files that are to be taken.
const FILES: &str = "conversions-files";

pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) leads: Leads,
    pub(crate) sales: Sales,
    pub(crate) sales_files: SalesFiles,
    pub(crate) files: QueueSender,
    /// Reads what others tell.
    pub(crate) facts: EventReader,
    /// Tell others.
    pub(crate) lead_facts: Publisher,
    pub(crate) file_facts: Publisher,
    pub(crate) sale_facts: Publisher,
    dead_letters: DeadLetters,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (cosmos, storage) = (Cosmos::read(settings, "conversions"), Storage::read(settings));
        let clock = clock(settings);
        let lead_facts = Publisher::read(settings, told::LEAD, told::LEAD_TYPES);
        let file_facts = Publisher::read(settings, told::SALES_FILE, told::FILE_TYPES);
        let sale_facts = Publisher::read(settings, told::SALE, told::SALE_TYPES);
        settings.check()?;
        let (cosmos, storage, clock) = (cosmos?, storage?, clock?);
        let queues = [FILES, Self::REPLAYS];
        let dead_letters = DeadLetters::read(settings, &cosmos, &storage, clock.clone(), &queues)?
            .telling_in(&storage, "conversions-open-letters");
        Ok(Self {
            clock,
            leads: Leads::new(&cosmos),
            sales: Sales::new(&cosmos),
            sales_files: SalesFiles::new(&cosmos, &storage),
            files: storage.queue_sender(FILES),
            facts: EventReader::new(settings, TAKEN_IN),
            lead_facts: lead_facts?,
            file_facts: file_facts?,
            sale_facts: sale_facts?,
            dead_letters,
        })
    }
}

impl DeadLetterApp for App {
    const NAME: &'static str = "conversions";

    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }
}

impl HealthChecks for App {
    async fn dependencies(&self) -> Vec<Dependency> {
        vec![Dependency::ask("cosmosDb", self.leads.ping()).await]
    }
}
