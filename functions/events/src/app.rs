//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::catalogue::{Catalogue, KnownApp};
use crate::checkpoints::Checkpoints;
use crate::due::Due;
use crate::lists::Lists;
use crate::page;
use crate::places::Places;
use crate::receivers::Receivers;
use crate::sent::{CAPTURE_DUE, ERASURE_DUE, PROFILE_ERASED, REPLAY_DUE};
use crate::store::{Captures, Erasures, Lake, Replays, Shelves};
use azure_data::{BlobContainer, Cosmos, Storage, Url, clock};
use custom_handler::{Setting, Settings, SettingsError};
use jiff::SignedDuration;
use messages::{DeadLetterApp, DeadLetters, EventReader};
use public_api::{HealthChecks, health::Dependency, lists::Continuation};
use staff_pages::{FormKey, Link};
use values::Clock;

const STAFF_PAGES: Setting = Setting::new(
    "STAFF_PAGES",
    "where our own people open the pages of each app; without it all of them are where ours are",
    "contacts=https://contacts.example/;conversions=https://conversions.example/",
);
const LAG_ALARM_AFTER_S: Setting = Setting::new(
    "CONSUMER_LAG_ALARM_AFTER_S",
    "how long an event may wait for a consumer before somebody must hear of it, in seconds",
    "1800",
);
/// Half an hour, of which a window of capture and the way into the lake are some minutes.
const LAG_ALARM_AFTER: u32 = 1_800;

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
    pub(crate) checkpoints: Checkpoints,
    /// How long an event may wait for a consumer.
    pub(crate) lag_alarm_after: SignedDuration,
    /// What consumers say that they gave up.
    pub(crate) lists: Lists,
    staff_pages: Option<Places<Url>>,
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
        let checkpoints = Checkpoints::read(settings);
        let lag_alarm = settings.value_or(&LAG_ALARM_AFTER_S, LAG_ALARM_AFTER);
        let staff_pages = settings.optional_value(&STAFF_PAGES);
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
            checkpoints: checkpoints?,
            lag_alarm_after: SignedDuration::from_secs(lag_alarm?.into()),
            lists: Lists::new(&storage),
            staff_pages: staff_pages?,
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

impl App {
    /// Where people find what an app gave up.
    pub(crate) fn page_of(&self, known: &KnownApp) -> String {
        let path = known.dead_letters.as_str();
        let place = self.staff_pages.as_ref().and_then(|places| places.of(&known.name));
        let whole = place.and_then(|place| place.join(path).ok());
        whole.map_or_else(|| path.to_owned(), Into::into)
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
