use super::SCHEMA_VERSION;
use crate::domain::{Assessment, AssessmentId, ConsentId, Duty, PartnerId, Person, Phase};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use values::{Revision, TraceOrigin, moment};

/// How long a result lies: 25 months, the time in which somebody may ask why.
const RESULT_TTL_S: u32 = 25 * 31 * 24 * 60 * 60;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct AssessmentDocument {
    id: AssessmentId,
    schema_version: u32,
    partner: PartnerId,
    person: Option<Person>,
    consent: ConsentId,
    scorecard: String,
    #[serde(with = "moment")]
    created_at: Timestamp,
    #[serde(flatten)]
    phase: Phase,
    duties: BTreeSet<Duty>,
    /// When it ended, as texts compare.
    #[serde(with = "moment::optional", default)]
    ended_at: Option<Timestamp>,
    /// Whether a round has to look at it: it is at work, or has duties.
    watched: bool,
    revision: Revision,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    origin: Option<TraceOrigin>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    ttl: Option<u32>,
}

impl From<&Assessment> for AssessmentDocument {
    fn from(assessment: &Assessment) -> Self {
        let watched = assessment.is_open() || !assessment.duties.is_empty();
        Self {
            id: assessment.id,
            schema_version: SCHEMA_VERSION,
            partner: assessment.partner.clone(),
            person: assessment.person.clone(),
            consent: assessment.consent,
            scorecard: assessment.scorecard.clone(),
            created_at: assessment.created_at,
            phase: assessment.phase.clone(),
            duties: assessment.duties.clone(),
            ended_at: match &assessment.phase {
                Phase::Ended { at, .. } => Some(*at),
                Phase::Fetching { .. } | Phase::Scoring { .. } | Phase::Erased { .. } => None,
            },
            watched,
            revision: assessment.revision,
            origin: assessment.origin.clone(),
            ttl: (!watched).then_some(RESULT_TTL_S),
        }
    }
}

impl From<AssessmentDocument> for Assessment {
    fn from(document: AssessmentDocument) -> Self {
        Self {
            id: document.id,
            partner: document.partner,
            person: document.person,
            consent: document.consent,
            scorecard: document.scorecard,
            created_at: document.created_at,
            phase: document.phase,
            duties: document.duties,
            revision: document.revision,
            origin: document.origin,
        }
    }
}
