//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::events::{DECIDED, ERASED, REVISION_BEHIND};
use crate::store::{Announced, Profiles, Reconciliation, Registration, Services};
use crate::told;
use azure_data::{Cosmos, Storage, clock};
use custom_handler::{Settings, SettingsError};
use messages::{DeadLetterApp, DeadLetters, EventReader, EventSender, Publisher};
use public_api::{
    HealthChecks, Ownership, health::Dependency, idempotency::IdempotentRequests,
    lists::Continuation,
};
use values::Clock;

/// The queue in which the photos app says what became of photos.
const PHOTO_DECISIONS: &str = "photo-decisions";
/// The queue in which the app legacy says which profiles the mainframe has newer.
const PROFILE_REVISIONS: &str = "profile-revisions";

/// The queues of the apps that keep something of people.
const RECEIVERS: [&str; 4] =
    ["photo-erasures", "accounts-erasures", "sales-erasures", "events-erasures"];

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: Clock,
    /// Whether callers are held to their own profile.
    pub(crate) ownership: Ownership,
    pub(crate) profiles: Profiles,
    pub(crate) services: Services,
    /// How far the proof that every profile holds its addresses has come.
    pub(crate) reconciliation: Reconciliation,
    pub(crate) registrations: IdempotentRequests<Registration>,
    pub(crate) dead_letters: DeadLetters,
    /// Reads what became of photos, from the photos app.
    pub(crate) decided: EventReader,
    /// Reads which profiles the mainframe has newer, from the app legacy.
    pub(crate) behind: EventReader,
    /// Tells each of [`RECEIVERS`] who was erased.
    pub(crate) erasures: [EventSender; RECEIVERS.len()],
    /// Tells everybody who has an account.
    pub(crate) account_facts: Publisher,
    /// Which of these were told.
    pub(crate) announced: Announced,
    /// Tells everybody how the catalogue is.
    pub(crate) product_facts: Publisher,
    pub(crate) continuation: Continuation,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (cosmos, storage) = (Cosmos::read(settings, "profiles"), Storage::read(settings));
        let (clock, continuation) = (clock(settings), Continuation::read(settings));
        let ownership = Ownership::read(settings);
        let account_facts = Publisher::read(settings, told::ACCOUNT, told::ACCOUNT_TYPES);
        let product_facts = Publisher::read(settings, told::PRODUCT, told::PRODUCT_TYPES);
        settings.check()?;
        let (cosmos, storage, clock) = (cosmos?, storage?, clock?);
        let dead_letters = DeadLetters::read(
            settings,
            &cosmos,
            &storage,
            clock.clone(),
            &[PHOTO_DECISIONS, PROFILE_REVISIONS],
        )?;
        Ok(Self {
            clock,
            ownership: ownership?,
            profiles: Profiles::new(&cosmos),
            services: Services::new(&cosmos),
            reconciliation: Reconciliation::new(cosmos.container("reconciliation")),
            registrations: IdempotentRequests::new(cosmos.container("requests"), "register"),
            dead_letters,
            behind: EventReader::new(settings, &[REVISION_BEHIND]),
            decided: EventReader::new(settings, &[DECIDED]),
            erasures: RECEIVERS
                .map(|queue| EventSender::new(settings, storage.queue_sender(queue), &[ERASED])),
            account_facts: account_facts?,
            announced: Announced::new(&cosmos),
            product_facts: product_facts?,
            continuation: continuation?,
        })
    }
}

impl DeadLetterApp for App {
    const NAME: &'static str = "profiles";

    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }
}

impl HealthChecks for App {
    async fn dependencies(&self) -> Vec<Dependency> {
        vec![Dependency::ask("cosmosDb", self.profiles.ping()).await]
    }
}
