use crate::domain::{Partner, PartnerId};
use jiff::Timestamp;
use public_api::versions::Versioned;
use serde::Serialize;
use values::Revision;

/// `Partner` in contract/consents.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartnerView {
    id: PartnerId,
    return_urls: Vec<String>,
    created_at: Timestamp,
    revision: Revision,
}

impl PartnerView {
    pub(crate) fn of(partner: &Partner) -> Self {
        Self {
            id: partner.id.clone(),
            return_urls: partner.return_urls.clone(),
            created_at: partner.created_at,
            revision: partner.revision,
        }
    }
}

impl Versioned for PartnerView {
    fn revision(&self) -> Revision {
        self.revision
    }
}
