//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::admission::Admission;
use crate::bank::Bank;
use crate::domain::{AssessmentId, ConsentId, EndpointId, EndpointSecret};
use crate::held::Held;
use crate::lanes::Lanes;
use crate::posting::Posting;
use crate::running::Running;
use crate::store::{
    Activities, Assessments, Consents, Deliveries, EndpointStore, Erasures, Partners, Reviews,
    Secrets, Statistics,
};
use crate::{received, sent, simulation};
use azure_data::{Cosmos, Storage, clock};
use custom_handler::{Settings, SettingsError};
use jiff::Timestamp;
use messages::{DeadLetterApp, DeadLetters, EventReader, EventSender};
use public_api::{
    HealthChecks, health::Dependency, idempotency::IdempotentRequests, lists::Continuation,
};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use uuid::Uuid;
use values::Clock;

/// The queues whose messages may be given up.
const QUEUES: [&str; 3] = ["credit-fetch", "credit-webhooks", "scoring-results"];

pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) secrets: Secrets,
    pub(crate) activities: Activities,
    pub(crate) admission: Admission,
    pub(crate) asked: IdempotentRequests<Asked>,
    pub(crate) assessments: Assessments,
    pub(crate) bank: Bank,
    pub(crate) begun: IdempotentRequests<Begun>,
    pub(crate) consents: Consents,
    pub(crate) deliveries: Deliveries,
    pub(crate) deliveries_due: EventReader,
    pub(crate) delivery_sender: EventSender,
    pub(crate) endpoints: EndpointStore,
    pub(crate) erasures: Erasures,
    pub(crate) fetch_sender: EventSender,
    pub(crate) fetches: EventReader,
    pub(crate) held: Held,
    pub(crate) jobs: EventSender,
    pub(crate) keyed: IdempotentRequests<Keyed>,
    pub(crate) lanes: Lanes,
    pub(crate) partners: Partners,
    /// How many years each score simulates.
    pub(crate) paths: NonZeroU32,
    pub(crate) posting: Posting,
    pub(crate) resent: IdempotentRequests<Resent>,
    pub(crate) results: EventReader,
    pub(crate) reviews: Reviews,
    pub(crate) running: Running,
    pub(crate) statistics: Statistics,
    pub(crate) continuation: Continuation,
    dead_letters: DeadLetters,
}

/// All that the answer to a new assessment depends on besides its body.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Begun {
    pub(crate) assessment_id: AssessmentId,
    /// Of the consent that is made of a bank's token.
    pub(crate) consent_id: ConsentId,
    pub(crate) at: Timestamp,
}

/// All that the answer to a new consent depends on besides its body.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Asked {
    pub(crate) consent_id: ConsentId,
    pub(crate) at: Timestamp,
}

/// All that the answer to a new endpoint or secret depends on besides its body.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Keyed {
    pub(crate) endpoint_id: EndpointId,
    pub(crate) secret: EndpointSecret,
}

/// All that the answer depends on to whoever has something sent, for the first time or again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Resent {
    pub(crate) by: Uuid,
    pub(crate) at: Timestamp,
}

impl Begun {
    pub(crate) fn now(at: Timestamp, new_id: impl Fn() -> Uuid) -> Self {
        Self { assessment_id: new_id().into(), consent_id: new_id().into(), at }
    }
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (cosmos, storage) = (Cosmos::read(settings, "credit"), Storage::read(settings));
        let (clock, secrets) = (clock(settings), Secrets::read(settings));
        let (scores_per_second, continuation) =
            (Admission::read(settings), Continuation::read(settings));
        let (bank, paths) = (Bank::read(settings), simulation::paths(settings));
        let posting = Posting::read(settings);
        settings.check()?;
        let (cosmos, storage, clock) = (cosmos?, storage?, clock?);
        let fetch_queue = storage.queue_sender("credit-fetch");
        let webhook_queue = storage.queue_sender("credit-webhooks");
        let job_queue = storage.queue_sender("scoring-jobs");
        let dead_letters = DeadLetters::read(settings, &cosmos, &storage, clock.clone(), &QUEUES)?;
        Ok(Self {
            clock,
            secrets: secrets?,
            activities: Activities::new(&storage),
            admission: Admission::new(&storage, scores_per_second?),
            asked: IdempotentRequests::new(cosmos.container("requests"), "consent"),
            assessments: Assessments::new(&cosmos),
            bank: bank?,
            begun: IdempotentRequests::new(cosmos.container("requests"), "assess"),
            consents: Consents::new(&cosmos),
            deliveries: Deliveries::new(&cosmos),
            deliveries_due: EventReader::new(settings, &[sent::DELIVERY_DUE]),
            delivery_sender: EventSender::new(settings, webhook_queue, &[sent::DELIVERY_DUE]),
            endpoints: EndpointStore::new(&cosmos),
            erasures: Erasures::new(&cosmos),
            fetch_sender: EventSender::new(settings, fetch_queue, &[sent::FETCH_DUE]),
            fetches: EventReader::new(settings, &[sent::FETCH_DUE]),
            held: Held::default(),
            jobs: EventSender::new(settings, job_queue, &[sent::ACTIVITY_STORED]),
            keyed: IdempotentRequests::new(cosmos.container("requests"), "endpoint"),
            lanes: Lanes::default(),
            partners: Partners::new(&cosmos),
            paths: paths?,
            posting: posting?,
            resent: IdempotentRequests::new(cosmos.container("requests"), "resend"),
            results: EventReader::new(settings, received::TYPES),
            reviews: Reviews::new(&cosmos),
            running: Running::default(),
            statistics: Statistics::new(&cosmos),
            continuation: continuation?,
            dead_letters,
        })
    }
}

impl DeadLetterApp for App {
    const NAME: &'static str = "credit";

    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }
}

impl HealthChecks for App {
    async fn dependencies(&self) -> Vec<Dependency> {
        vec![Dependency::ask("cosmosDb", self.assessments.ping()).await]
    }
}
