use super::SCHEMA_VERSION;
use crate::domain::{Endpoint, Endpoints, PartnerId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct EndpointsDocument {
    id: PartnerId,
    schema_version: u32,
    partner: PartnerId,
    endpoints: Vec<Endpoint>,
}

impl From<&Endpoints> for EndpointsDocument {
    fn from(endpoints: &Endpoints) -> Self {
        Self {
            id: endpoints.partner.clone(),
            schema_version: SCHEMA_VERSION,
            partner: endpoints.partner.clone(),
            endpoints: endpoints.all.clone(),
        }
    }
}

impl From<EndpointsDocument> for Endpoints {
    fn from(document: EndpointsDocument) -> Self {
        Self { partner: document.partner, all: document.endpoints }
    }
}
