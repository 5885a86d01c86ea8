//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::content_safety::ContentSafety;
use crate::domain::{Bands, MAX_CHECKING_TIME, Schedule};
use crate::pipeline::Places;
use crate::profiles::Profiles;
use crate::store::{Announcements, Blobs, Cases, Checks, Erasures, KnownImages, Photos};
use azure_data::{Cosmos, QueueSender, Storage};
use custom_handler::{Setting, Settings, SettingsError};
use jiff::SignedDuration;
use messages::{DeadLetters, EventReader, EventType};
use public_api::health::Dependency;
use public_api::lists::Continuation;
use public_api::{HealthChecks, Ownership};
use staff_pages::FormKey;
use values::Clock;

/// The queues that a dead letter may be sent to once more.
const REDRIVEN_TO: &[&str] = &["photo-checks", "photo-erasures"];
/// What happens to a profile.
const PROFILE_ERASED: EventType = EventType::new("com.iommi.profiles.erased.v1");

const BANDS: Setting = Setting::new(
    "MODERATION_BANDS",
    "by category, the severity from which a person looks and that from which a photo is rejected",
    "Hate=2,4;SelfHarm=2,4;Sexual=2,4;Violence=2,4",
);
const MAX_CHECKING: Setting = Setting::new(
    "MAX_CHECKING",
    "how long a photo may stay unchecked before a person must look, as an ISO 8601 duration",
    "PT1H",
);

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: Clock,
    /// Who may touch whose photos.
    pub(crate) ownership: Ownership,
    pub(crate) photos: Photos,
    pub(crate) erasures: Erasures,
    /// Sends an erasure that takes longer than a run to itself.
    pub(crate) erasure_messages: QueueSender,
    pub(crate) known_images: KnownImages,
    pub(crate) cases: Cases,
    pub(crate) blobs: Blobs,
    /// What functions gave up, for people to decide.
    pub(crate) dead_letters: DeadLetters,
    /// Tells the other apps.
    pub(crate) announcements: Announcements,
    /// Photos to be checked again.
    pub(crate) checks: Checks,
    /// Reads what `profiles` tells.
    pub(crate) erased_profiles: EventReader,
    pub(crate) profiles: Profiles,
    pub(crate) content_safety: ContentSafety,
    pub(crate) continuation: Continuation,
    /// Seals the forms of the console.
    pub(crate) form_key: FormKey,
    pub(crate) bands: Bands,
    pub(crate) schedule: Schedule,
    /// Places for photos in memory.
    pub(crate) places: Places,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (cosmos, storage) = (Cosmos::read(settings, "photos"), Storage::read(settings));
        let clock = azure_data::clock(settings);
        let ownership = Ownership::read(settings);
        let profiles = Profiles::read(settings);
        let content_safety = ContentSafety::read(settings);
        let continuation = Continuation::read(settings);
        let form_key = FormKey::read(settings);
        let bands = settings.value(&BANDS);
        let max_checking: Result<SignedDuration, _> =
            settings.value_or(&MAX_CHECKING, MAX_CHECKING_TIME);
        settings.check()?;
        let (cosmos, storage, clock) = (cosmos?, storage?, clock?);
        Ok(Self {
            photos: Photos::new(&cosmos),
            erasures: Erasures::new(&cosmos),
            erasure_messages: storage.queue_sender("photo-erasures"),
            known_images: KnownImages::new(&cosmos),
            cases: Cases::new(&cosmos),
            blobs: Blobs::new(&storage),
            dead_letters: DeadLetters::read(
                settings,
                &cosmos,
                &storage,
                clock.clone(),
                REDRIVEN_TO,
            )?,
            announcements: Announcements::new(settings, &storage),
            checks: Checks::new(&storage),
            erased_profiles: EventReader::new(settings, &[PROFILE_ERASED]),
            ownership: ownership?,
            profiles: profiles?,
            content_safety: content_safety?,
            continuation: continuation?,
            form_key: form_key?,
            bands: bands?,
            schedule: Schedule { max_checking: max_checking? },
            places: Places::new(),
            clock,
        })
    }
}

impl HealthChecks for App {
    /// Content Safety is not among them: while it is down photos wait, and nothing else does.
    async fn dependencies(&self) -> Vec<Dependency> {
        let cosmos_db = Dependency::ask("cosmosDb", self.photos.ping());
        let storage = Dependency::ask("storage", self.blobs.ping());
        let (cosmos_db, storage) = futures::join!(cosmos_db, storage);
        vec![cosmos_db, storage]
    }
}
