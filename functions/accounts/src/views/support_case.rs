use crate::domain::{CaseId, CaseState, Channel, CustomerId, SupportCase};
use jiff::Timestamp;
use public_api::versions::Versioned;
use serde::Serialize;
use values::Revision;

/// `Contact` in openapi.yaml: what the customer sees of a case.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContactView {
    id: CaseId,
    channel: Channel,
    state: CaseState,
    written_at: Timestamp,
}

impl From<&SupportCase> for ContactView {
    fn from(case: &SupportCase) -> Self {
        let &SupportCase { id, channel, state, written_at, .. } = case;
        Self { id, channel, state, written_at }
    }
}

/// `SupportCase` in openapi.yaml: what customer service sees of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CaseView {
    id: CaseId,
    customer_id: CustomerId,
    channel: Channel,
    subject: Option<String>,
    message: Option<String>,
    state: CaseState,
    revision: Revision,
    written_at: Timestamp,
}

impl Versioned for CaseView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl From<SupportCase> for CaseView {
    fn from(case: SupportCase) -> Self {
        let SupportCase { id, customer_id, channel, text, state, revision, written_at } = case;
        let (subject, message) = text.map(|text| (text.subject, text.message)).unzip();
        let subject = subject.flatten();
        Self { id, customer_id, channel, subject, message, state, revision, written_at }
    }
}
