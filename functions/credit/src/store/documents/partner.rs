use super::SCHEMA_VERSION;
use crate::domain::{Partner, PartnerId, Sealed};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::{Revision, moment};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct PartnerDocument {
    id: PartnerId,
    schema_version: u32,
    return_urls: Vec<String>,
    pseudonym_key: Sealed,
    #[serde(with = "moment")]
    created_at: Timestamp,
    revision: Revision,
}

impl From<&Partner> for PartnerDocument {
    fn from(partner: &Partner) -> Self {
        Self {
            id: partner.id.clone(),
            schema_version: SCHEMA_VERSION,
            return_urls: partner.return_urls.clone(),
            pseudonym_key: partner.pseudonym_key.clone(),
            created_at: partner.created_at,
            revision: partner.revision,
        }
    }
}

impl From<PartnerDocument> for Partner {
    fn from(document: PartnerDocument) -> Self {
        Self {
            id: document.id,
            return_urls: document.return_urls,
            pseudonym_key: document.pseudonym_key,
            created_at: document.created_at,
            revision: document.revision,
        }
    }
}
