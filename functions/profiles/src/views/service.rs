use super::SCHEMA_VERSION;
use crate::domain::{Service, ServiceId, Tier};
use jiff::Timestamp;
use money::Price;
use public_api::versions::Versioned;
use serde::Serialize;
use values::{Line, Revision};

/// `Service` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceView {
    id: ServiceId,
    name: Line<100>,
    monthly_price: Price,
    tier: Tier,
    retired: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor_id: Option<Line<64>>,
    revision: Revision,
    created_at: Timestamp,
    updated_at: Timestamp,
    schema_version: u32,
}

impl Versioned for Service {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl Versioned for ServiceView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl From<Service> for ServiceView {
    fn from(service: Service) -> Self {
        let Service { id, draft, revision, created_at, updated_at } = service;
        Self {
            id,
            name: draft.name,
            monthly_price: draft.monthly_price,
            tier: draft.tier,
            retired: draft.retired,
            vendor_id: draft.vendor_id,
            revision,
            created_at,
            updated_at,
            schema_version: SCHEMA_VERSION,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Body, Form};
    use pretty_assertions::assert_eq;
    use serde_json::{Value, json};

    fn service() -> Service {
        let body = json!({"name": "Home care", "monthlyPrice": {"amount": "9.90", "currency": "EUR"}, "tier": "basic"});
        Service::parse("home-care".parse().unwrap(), &body, Timestamp::UNIX_EPOCH).unwrap()
    }

    fn shown(service: Service) -> Value {
        json!(ServiceView::from(service))
    }

    #[test]
    fn a_service_is_shown_as_the_contract_says() {
        assert_eq!(
            shown(service()),
            json!({
                "id": "home-care", "name": "Home care", "tier": "basic", "retired": false,
                "monthlyPrice": {"amount": "9.90", "currency": "EUR"}, "revision": 1,
                "createdAt": "1970-01-01T00:00:00Z", "updatedAt": "1970-01-01T00:00:00Z", "schemaVersion": 1,
            })
        );
    }

    #[test]
    fn what_was_shown_may_be_sent_back_and_changes_nothing() {
        let (service, shown) = (service(), shown(service()));
        let body = Body { json: &shown, shown: &shown, form: Form::Whole };
        let later = Timestamp::from_second(9).unwrap();
        assert_eq!(service.replaced_with(&body, later), Ok(service));
    }
}
