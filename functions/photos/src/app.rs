//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::blobs::Blobs;
use crate::content_safety::ContentSafety;
use crate::domain::{Bands, MAX_CHECKING_TIME, Schedule};
use crate::pipeline::MAX_IN_HAND;
use crate::profiles::Profiles;
use crate::store::{Cases, Erasures, KnownImages, Photos};
use custom_handler::{Settings, SettingsError};
use iommi_app::{
    BlobContainer, Clock, Continuation, Cosmos, CosmosSettings, FormKey, Queue, Storage,
    StorageSettings,
};
use jiff::SignedDuration;
use tokio::sync::Semaphore;

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) photos: Photos,
    pub(crate) erasures: Erasures,
    pub(crate) known_images: KnownImages,
    pub(crate) cases: Cases,
    pub(crate) blobs: Blobs,
    /// What functions gave up, and what Event Grid could not deliver.
    pub(crate) dead_letters: BlobContainer,
    /// Tells the other apps.
    pub(crate) decisions: Queue,
    /// Photos to be checked again.
    pub(crate) checks: Queue,
    pub(crate) profiles: Profiles,
    pub(crate) content_safety: ContentSafety,
    pub(crate) continuation: Continuation,
    /// Seals the forms of the console.
    pub(crate) form_key: FormKey,
    pub(crate) bands: Bands,
    pub(crate) schedule: Schedule,
    /// Places for photos in memory.
    pub(crate) in_hand: Semaphore,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let cosmos = CosmosSettings::read(settings);
        let storage = StorageSettings::read(settings);
        let profiles = Profiles::read(settings);
        let content_safety = ContentSafety::from_settings(settings);
        let continuation = settings
            .parse("CONTINUATION_KEY", "32 random bytes in base64: openssl rand -base64 32");
        let form_key =
            settings.parse("FORM_KEY", "32 random bytes in base64: openssl rand -base64 32");
        let bands =
            settings.parse("MODERATION_BANDS", "Hate=2,4;SelfHarm=2,4;Sexual=2,4;Violence=2,4");
        let max_checking: Result<SignedDuration, _> =
            settings.parse_or("MAX_CHECKING", MAX_CHECKING_TIME);
        settings.check()?;
        let (cosmos, storage) = (Cosmos::new(cosmos?), Storage::new(storage?));
        Ok(Self {
            clock: Clock,
            photos: Photos::new(&cosmos),
            erasures: Erasures::new(&cosmos),
            known_images: KnownImages::new(&cosmos),
            cases: Cases::new(&cosmos),
            blobs: Blobs::new(&storage),
            dead_letters: storage.blobs("event-dead-letters"),
            decisions: storage.queue("photo-decisions"),
            checks: storage.queue("photo-checks"),
            profiles: profiles?,
            content_safety: content_safety?,
            continuation: continuation?,
            form_key: form_key?,
            bands: bands?,
            schedule: Schedule { max_checking: max_checking? },
            in_hand: Semaphore::new(MAX_IN_HAND),
        })
    }
}
