use super::SCHEMA_VERSION;
use crate::domain::{Consent, ConsentDuty, ConsentId, ConsentState, PartnerId, Person};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use values::{Revision, moment};

/// How long the document of a person lies who never came back from the bank.
const PENDING_TTL_S: u32 = 24 * 60 * 60;
/// How long it lies once it is over.
const OVER_TTL_S: u32 = 90 * 24 * 60 * 60;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct ConsentDocument {
    id: ConsentId,
    schema_version: u32,
    partner: PartnerId,
    person: Option<Person>,
    days: u16,
    #[serde(default)]
    state_hash: Option<String>,
    return_url: Option<String>,
    #[serde(with = "moment")]
    created_at: Timestamp,
    #[serde(with = "moment")]
    valid_until: Timestamp,
    #[serde(flatten)]
    state: ConsentState,
    duties: BTreeSet<ConsentDuty>,
    /// Whether a round has to look at it: it has duties.
    watched: bool,
    /// Whether a round has to look at it once its time is over.
    live: bool,
    revision: Revision,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    ttl: Option<u32>,
}

impl From<&Consent> for ConsentDocument {
    fn from(consent: &Consent) -> Self {
        let has_duties = !consent.duties.is_empty();
        let (is_live, ttl) = match &consent.state {
            ConsentState::Pending { .. } => (false, Some(PENDING_TTL_S)),
            ConsentState::Granted { .. } => (true, None),
            ConsentState::InUse { .. } => (false, None),
            ConsentState::Used { .. }
            | ConsentState::Withdrawn { .. }
            | ConsentState::Expired { .. }
            | ConsentState::Refused { .. } => (false, (!has_duties).then_some(OVER_TTL_S)),
        };
        Self {
            id: consent.id,
            schema_version: SCHEMA_VERSION,
            partner: consent.partner.clone(),
            person: consent.person.clone(),
            days: consent.days,
            state_hash: consent.state_hash.clone(),
            return_url: consent.return_url.clone(),
            created_at: consent.created_at,
            valid_until: consent.valid_until,
            state: consent.state.clone(),
            duties: consent.duties.clone(),
            watched: has_duties,
            live: is_live,
            revision: consent.revision,
            ttl,
        }
    }
}

impl From<ConsentDocument> for Consent {
    fn from(document: ConsentDocument) -> Self {
        Self {
            id: document.id,
            partner: document.partner,
            person: document.person,
            days: document.days,
            state_hash: document.state_hash,
            return_url: document.return_url,
            created_at: document.created_at,
            valid_until: document.valid_until,
            state: document.state,
            duties: document.duties,
            revision: document.revision,
        }
    }
}
