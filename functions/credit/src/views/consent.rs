use crate::domain::{AssessmentId, Consent, ConsentId, ConsentState};
use crate::store::Secrets;
use jiff::Timestamp;
use public_api::versions::Versioned;
use sealing::SealingError;
use serde::Serialize;
use values::Revision;

/// `Consent` in contract/consents.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConsentView {
    id: ConsentId,
    customer_reference: Option<String>,
    state: &'static str,
    days: u16,
    return_url: Option<String>,
    /// The assessment that works or worked with it.
    assessment_id: Option<AssessmentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorize_url: Option<String>,
    created_at: Timestamp,
    valid_until: Timestamp,
    revision: Revision,
}

impl ConsentView {
    pub(crate) fn of(consent: &Consent, secrets: &Secrets) -> Result<Self, SealingError> {
        let reference = consent
            .person
            .as_ref()
            .map(|person| secrets.open_for_long(&person.reference, consent.partner.as_str()));
        let (state, assessment_id) = match &consent.state {
            ConsentState::Pending { .. } => ("pending", None),
            ConsentState::Granted { .. } => ("granted", None),
            ConsentState::InUse { assessment, .. } => ("in-use", Some(*assessment)),
            ConsentState::Used { assessment, .. } => ("used", Some(*assessment)),
            ConsentState::Withdrawn { assessment, .. } => ("withdrawn", *assessment),
            ConsentState::Expired { assessment, .. } => ("expired", *assessment),
            ConsentState::Refused { .. } => ("refused", None),
        };
        Ok(Self {
            id: consent.id,
            customer_reference: reference.transpose()?,
            state,
            days: consent.days,
            return_url: consent.return_url.clone(),
            assessment_id,
            authorize_url: None,
            created_at: consent.created_at,
            valid_until: consent.valid_until,
            revision: consent.revision,
        })
    }

    /// With where the person is to be sent.
    pub(crate) fn with_authorize_url(self, url: String) -> Self {
        Self { authorize_url: Some(url), ..self }
    }
}

impl Versioned for ConsentView {
    fn revision(&self) -> Revision {
        self.revision
    }
}
