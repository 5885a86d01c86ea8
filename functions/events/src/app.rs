//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::catalogue::Catalogue;
use crate::due::Due;
use crate::page;
use crate::receivers::Receivers;
use crate::sent::{CAPTURE_DUE, ERASURE_DUE, PROFILE_ERASED, REPLAY_DUE};
use crate::store::{Captures, Erasures, Lake, Replays, Shelves};
use azure_data::{BlobContainer, Cosmos, Storage, clock};
use custom_handler::{Settings, SettingsError};
use messages::{DeadLetterApp, DeadLetters, EventReader};
use public_api::{HealthChecks, health::Dependency, lists::Continuation};
use staff_pages::{FormKey, Link};
use values::Clock;

pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) catalogue: Catalogue,
    /// What Event Hubs Capture writes; only it may.
    pub(crate) capture_files: BlobContainer,
    pub(crate) captures: Captures,
    pub(crate) shelves: Shelves,
    pub(crate) lake: Lake,
    pub(crate) erasures: Erasures,
    pub(crate) replays: Replays,
    pub(crate) receivers: Receivers,
    pub(crate) due: Due,
    pub(crate) due_captures: EventReader,
    pub(crate) due_erasures: EventReader,
    pub(crate) due_replays: EventReader,
    pub(crate) continuation: Continuation,
    pub(crate) form_key: FormKey,
    dead_letters: DeadLetters,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (cosmos, storage) = (Cosmos::read(settings, "events"), Storage::read(settings));
        let (clock, continuation) = (clock(settings), Continuation::read(settings));
        let form_key = FormKey::read(settings);
        settings.check()?;
        let (cosmos, storage, clock) = (cosmos?, storage?, clock?);
        let queues = ["events-captures", "events-erasures", "events-replays"];
        let dead_letters = DeadLetters::read(settings, &cosmos, &storage, clock.clone(), &queues)?;
        Ok(Self {
            clock,
            catalogue: Catalogue::shipped(),
            capture_files: storage.blobs("event-captures"),
            captures: Captures::new(&cosmos),
            shelves: Shelves::new(&cosmos),
            lake: Lake::new(&storage),
            erasures: Erasures::new(&cosmos),
            replays: Replays::new(&cosmos),
            receivers: Receivers::new(&storage),
            due: Due::new(settings, &storage),
            due_captures: EventReader::new(settings, &[CAPTURE_DUE]),
            due_erasures: EventReader::new(settings, &[ERASURE_DUE, PROFILE_ERASED]),
            due_replays: EventReader::new(settings, &[REPLAY_DUE]),
            continuation: continuation?,
            form_key: form_key?,
            dead_letters,
        })
    }
}

impl DeadLetterApp for App {
    const NAME: &'static str = "events";
    const NAVIGATION: &'static [Link<'static>] = page::NAVIGATION;

    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }
}

impl HealthChecks for App {
    async fn dependencies(&self) -> Vec<Dependency> {
        vec![Dependency::ask("cosmosDb", self.replays.read("ping")).await]
    }
}
