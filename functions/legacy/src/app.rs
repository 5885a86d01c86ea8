//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::domain::Patience;
use crate::store::{Profiles, Resends, Syncs};
use crate::views::{BEHIND, SENT};
use azure_data::{BlobContainer, Cosmos, QueueLength, QueueSender, READS_MAY_BE_OLD_FOR, Storage};
use custom_handler::{Setting, Settings, SettingsError};
use jiff::SignedDuration;
use messages::{DeadLetterKeys, DeadLetters, EventReader, EventSender, EventType};
use public_api::{HealthChecks, health::Dependency};
use values::Clock;

const UNANSWERED_AFTER_S: Setting = Setting::new(
    "LEGACY_UNANSWERED_AFTER_S",
    "how long the mainframe may take to answer before a message is sent again, in seconds",
    "600",
);
const BUSY_AFTER_S: Setting = Setting::new(
    "LEGACY_BUSY_AFTER_S",
    "how long to leave the mainframe alone after it said that it is busy, in seconds",
    "30",
);
const LAG_ALARM_AFTER_S: Setting = Setting::new(
    "LEGACY_LAG_ALARM_AFTER_S",
    "the lag behind the mainframe that somebody must hear of, in seconds",
    "900",
);

/// What the mainframe sends.
const ANSWERED: &[EventType] = &[EventType::new("com.iommi.mainframe.answered.v1")];

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) profiles: Profiles,
    pub(crate) syncs: Syncs,
    pub(crate) resends: Resends,
    pub(crate) dead_letters: DeadLetters,
    pub(crate) outbox: EventSender,
    pub(crate) outbox_length: QueueLength,
    pub(crate) answers: EventReader,
    pub(crate) inbox_length: QueueLength,
    pub(crate) resend_steps: QueueSender,
    /// To `profiles`: a document needs a higher revision.
    pub(crate) revisions: EventSender,
    pub(crate) payloads: BlobContainer,
    pub(crate) patience: Patience,
    pub(crate) lag_alarm_after: SignedDuration,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let clock = azure_data::clock(settings);
        let (cosmos, storage) = (Cosmos::read(settings, "legacy"), Storage::read(settings));
        let unanswered: Result<u32, _> = settings.value_or(&UNANSWERED_AFTER_S, 600);
        let busy: Result<u32, _> = settings.value_or(&BUSY_AFTER_S, 30);
        let lag_alarm: Result<u32, _> = settings.value_or(&LAG_ALARM_AFTER_S, 900);
        let keys = DeadLetterKeys::read(settings);
        settings.check()?;
        let (clock, cosmos, storage) = (clock?, cosmos?, storage?);
        let queues = ["legacy-inbox", "legacy-resend"];
        let dead_letters = DeadLetters::new(keys?, &cosmos, &storage, clock.clone(), &queues)
            .with_poison_of(&storage, "legacy-outbox");
        Ok(Self {
            clock,
            profiles: Profiles::new(&cosmos),
            syncs: Syncs::new(&cosmos),
            resends: Resends::new(&cosmos),
            dead_letters,
            outbox: EventSender::new(settings, storage.queue_sender("legacy-outbox"), SENT),
            outbox_length: storage.queue_length("legacy-outbox"),
            answers: EventReader::new(settings, ANSWERED),
            inbox_length: storage.queue_length("legacy-inbox"),
            resend_steps: storage.queue_sender("legacy-resend"),
            revisions: EventSender::new(
                settings,
                storage.queue_sender("profile-revisions"),
                &[BEHIND],
            ),
            payloads: storage.blobs("legacy-payloads"),
            patience: Patience {
                unanswered: SignedDuration::from_secs(unanswered?.into()),
                busy: SignedDuration::from_secs(busy?.into()),
                old_reads: SignedDuration::try_from(READS_MAY_BE_OLD_FOR)
                    .expect("minutes are a duration"),
            },
            lag_alarm_after: SignedDuration::from_secs(lag_alarm?.into()),
        })
    }
}

impl HealthChecks for App {
    async fn dependencies(&self) -> Vec<Dependency> {
        let blobs = async { self.payloads.properties("ping").await.map(drop) };
        let queues = async { self.outbox_length.length().await.map(drop) };
        let asked = futures::join!(
            Dependency::ask("cosmosDb", self.syncs.ping()),
            Dependency::ask("blobStorage", blobs),
            Dependency::ask("queueStorage", queues),
        );
        vec![asked.0, asked.1, asked.2]
    }
}
