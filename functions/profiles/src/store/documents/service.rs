use super::SCHEMA_VERSION;
use crate::domain::{Service, ServiceDraft, ServiceId, Tier};
use jiff::Timestamp;
use money::Price;
use serde::{Deserialize, Serialize};
use values::{Line, Revision};

/// A service of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct ServiceDocument {
    pub(in crate::store) id: ServiceId,
    name: Line<100>,
    monthly_price: Price,
    tier: Tier,
    #[serde(default)]
    pub(in crate::store) retired: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vendor_id: Option<Line<64>>,
    revision: Revision,
    created_at: Timestamp,
    updated_at: Timestamp,
    schema_version: u32,
    /// Since when somebody wants to delete it. Whoever subscribes looks here *after* subscribing, whoever
    /// deletes looks for subscribers *after* writing this: so one of them sees the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::store) deleting_since: Option<Timestamp>,
}

impl ServiceDocument {
    /// The same, marked as one that somebody wants to delete.
    pub(in crate::store) fn deleting_since(&self, now: Timestamp) -> Self {
        Self { deleting_since: Some(now), ..self.clone() }
    }
}

impl From<&Service> for ServiceDocument {
    fn from(service: &Service) -> Self {
        let Service { id, draft, revision, created_at, updated_at } = service.clone();
        let ServiceDraft { name, monthly_price, tier, retired, vendor_id } = draft;
        Self {
            id,
            name,
            monthly_price,
            tier,
            retired,
            vendor_id,
            revision,
            created_at,
            updated_at,
            schema_version: SCHEMA_VERSION,
            deleting_since: None,
        }
    }
}

impl From<ServiceDocument> for Service {
    fn from(document: ServiceDocument) -> Self {
        let ServiceDocument { name, monthly_price, tier, retired, vendor_id, .. } = document;
        Self {
            id: document.id,
            draft: ServiceDraft { name, monthly_price, tier, retired, vendor_id },
            revision: document.revision,
            created_at: document.created_at,
            updated_at: document.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    #[test]
    fn a_document_is_read_and_written_as_it_always_was() {
        let document = json!({
            "id": "home-care", "name": "Home care", "monthlyPrice": {"amount": "9.90", "currency": "EUR"},
            "tier": "basic", "retired": true, "vendorId": "vend-home-care", "revision": 2, "createdAt": "2026-03-01T08:00:00Z",
            "updatedAt": "2026-03-01T09:00:00Z", "schemaVersion": 1,
        });
        let read: ServiceDocument = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(json!(read), document);
        assert_eq!(json!(ServiceDocument::from(&Service::from(read))), document);
    }
}
