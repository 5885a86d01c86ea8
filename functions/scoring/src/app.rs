//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::answers::Answers;
use crate::cores::Cores;
use crate::job::{self, JOBS};
use azure_data::{BlobReader, QueueLength, QueueReader, Storage};
use custom_handler::{Settings, SettingsError};
use messages::EventReader;
use public_api::{HealthChecks, health::Dependency};
use sealing::{SEALING_KEYS, WrappingKeys};
use values::Clock;

pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) cores: Cores,
    pub(crate) jobs: EventReader,
    pub(crate) poison: QueueReader,
    pub(crate) activities: BlobReader,
    pub(crate) keys: WrappingKeys,
    pub(crate) answers: Answers,
    waiting: QueueLength,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (storage, clock) = (Storage::read(settings), azure_data::clock(settings));
        let keys = settings.value(&SEALING_KEYS);
        settings.check()?;
        let storage = storage?;
        Ok(Self {
            clock: clock?,
            cores: Cores::of_this_machine(),
            jobs: EventReader::new(settings, job::TYPES),
            poison: storage.queue_reader(format!("{JOBS}-poison")),
            activities: storage.blob_reader("credit-activity"),
            keys: keys?,
            answers: Answers::new(settings, &storage),
            waiting: storage.queue_length(JOBS),
        })
    }
}

impl HealthChecks for App {
    async fn dependencies(&self) -> Vec<Dependency> {
        vec![Dependency::ask("queues", self.waiting.length()).await]
    }
}
