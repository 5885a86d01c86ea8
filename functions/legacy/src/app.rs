//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::domain::Patience;
use crate::store::{Letters, Profiles, Resends, Syncs};
use custom_handler::{Settings, SettingsError};
use iommi_app::{
    BlobContainer, Clock, Continuation, Cosmos, CosmosSettings, FormKey, Queue, Storage,
    StorageSettings,
};
use jiff::SignedDuration;

/// How long the mainframe may take to answer before a message is sent again, in seconds.
const UNANSWERED_AFTER_S: u32 = 600;
/// How long to leave it alone after it said that it is busy, in seconds.
const BUSY_AFTER_S: u32 = 30;
/// The lag that somebody must hear of, in seconds.
const LAG_ALARM_AFTER_S: u32 = 900;

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) profiles: Profiles,
    pub(crate) syncs: Syncs,
    pub(crate) letters: Letters,
    pub(crate) resends: Resends,
    pub(crate) outbox: Queue,
    pub(crate) inbox: Queue,
    pub(crate) resend_steps: Queue,
    pub(crate) payloads: BlobContainer,
    pub(crate) continuation: Continuation,
    pub(crate) form_key: FormKey,
    pub(crate) patience: Patience,
    pub(crate) lag_alarm_after: SignedDuration,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        const KEY: &str = "32 random bytes in base64: openssl rand -base64 32";
        let cosmos = CosmosSettings::read(settings);
        let storage = StorageSettings::read(settings);
        let continuation = settings.parse("CONTINUATION_KEY", KEY);
        let form_key = settings.parse("FORM_KEY", KEY);
        let unanswered = settings.parse_or("LEGACY_UNANSWERED_AFTER_S", UNANSWERED_AFTER_S);
        let busy = settings.parse_or("LEGACY_BUSY_AFTER_S", BUSY_AFTER_S);
        let lag_alarm = settings.parse_or("LEGACY_LAG_ALARM_AFTER_S", LAG_ALARM_AFTER_S);
        settings.check()?;
        let (cosmos, storage) = (Cosmos::new(cosmos?), Storage::new(storage?));
        Ok(Self {
            clock: Clock,
            profiles: Profiles::new(&cosmos),
            syncs: Syncs::new(&cosmos),
            letters: Letters::new(&cosmos),
            resends: Resends::new(&cosmos),
            outbox: storage.queue("legacy-outbox"),
            inbox: storage.queue("legacy-inbox"),
            resend_steps: storage.queue("legacy-resend"),
            payloads: storage.blobs("legacy-payloads"),
            continuation: continuation?,
            form_key: form_key?,
            patience: Patience {
                unanswered: SignedDuration::from_secs(unanswered?.into()),
                busy: SignedDuration::from_secs(busy?.into()),
            },
            lag_alarm_after: SignedDuration::from_secs(lag_alarm?.into()),
        })
    }
}
