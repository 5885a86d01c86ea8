use crate::domain::{
    Licence, LicenceEvent, LicenceId, LicenceState, OrderId, ProfileId, ServiceId,
};
use jiff::Timestamp;
use public_api::versions::Versioned;
use serde::Serialize;
use values::{Line, Revision, moment};

/// `Licence` in contract/licences.yaml. Its key is not in it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LicenceView {
    id: LicenceId,
    profile_id: ProfileId,
    order_id: OrderId,
    line: u32,
    service_id: ServiceId,
    name: String,
    quantity: u32,
    state: LicenceState,
    #[serde(with = "moment")]
    valid_to: Timestamp,
    assigned_to: Option<Line<100>>,
    #[serde(with = "moment")]
    created_at: Timestamp,
    #[serde(with = "moment::optional")]
    activated_at: Option<Timestamp>,
    history: Vec<LicenceEvent>,
    revision: Revision,
}

impl Versioned for LicenceView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl LicenceView {
    pub(crate) fn of(licence: &Licence, now: Timestamp) -> Self {
        Self {
            id: licence.id,
            profile_id: licence.profile,
            order_id: licence.order,
            line: licence.line,
            service_id: licence.service.clone(),
            name: licence.name.clone(),
            quantity: licence.quantity,
            state: licence.state_at(now),
            valid_to: licence.valid_to,
            assigned_to: licence.assigned_to.clone(),
            created_at: licence.created_at,
            activated_at: licence.activated_at,
            history: licence.history.clone(),
            revision: licence.revision,
        }
    }
}
