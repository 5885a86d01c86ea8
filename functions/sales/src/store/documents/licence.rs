use super::SCHEMA_VERSION;
use crate::domain::{
    Licence, LicenceEvent, LicenceId, LicenceState, OrderId, ProfileId, Sealed, ServiceId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use values::{Line, Revision, moment};

/// What lies in a profile's partition of `licences`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::store) enum LicenceKind {
    Licence,
    /// Somebody was shown a key.
    KeyShown,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct LicenceDocument {
    id: LicenceId,
    kind: LicenceKind,
    schema_version: u32,
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
    vendor_order_id: String,
    vendor_revision: u64,
    key: Option<Sealed>,
    #[serde(with = "moment")]
    created_at: Timestamp,
    #[serde(with = "moment::optional")]
    activated_at: Option<Timestamp>,
    history: Vec<LicenceEvent>,
    subscription_due: bool,
    #[serde(with = "moment::optional")]
    look_at: Option<Timestamp>,
    revision: Revision,
    /// Where it stands in the profile's list: time, then id.
    place: String,
}

/// Who was shown a key, and when: written before it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct KeyShownDocument {
    pub(in crate::store) id: Uuid,
    pub(in crate::store) kind: LicenceKind,
    pub(in crate::store) schema_version: u32,
    pub(in crate::store) profile_id: ProfileId,
    pub(in crate::store) licence_id: LicenceId,
    #[serde(with = "moment")]
    pub(in crate::store) at: Timestamp,
    /// Which caller.
    pub(in crate::store) by: String,
}

/// Where a licence stands in its profile's list.
pub(in crate::store) fn place(licence: &Licence) -> String {
    format!("{}/{}", moment::text(licence.created_at), licence.id)
}

impl From<&Licence> for LicenceDocument {
    fn from(licence: &Licence) -> Self {
        Self {
            id: licence.id,
            kind: LicenceKind::Licence,
            schema_version: SCHEMA_VERSION,
            profile_id: licence.profile,
            order_id: licence.order,
            line: licence.line,
            service_id: licence.service.clone(),
            name: licence.name.clone(),
            quantity: licence.quantity,
            state: licence.state,
            valid_to: licence.valid_to,
            assigned_to: licence.assigned_to.clone(),
            vendor_order_id: licence.vendor_order.clone(),
            vendor_revision: licence.vendor_revision,
            key: licence.key.clone(),
            created_at: licence.created_at,
            activated_at: licence.activated_at,
            history: licence.history.clone(),
            subscription_due: licence.subscription_due,
            look_at: licence.look_at,
            revision: licence.revision,
            place: place(licence),
        }
    }
}

impl From<LicenceDocument> for Licence {
    fn from(document: LicenceDocument) -> Self {
        Self {
            id: document.id,
            profile: document.profile_id,
            order: document.order_id,
            line: document.line,
            service: document.service_id,
            name: document.name,
            quantity: document.quantity,
            state: document.state,
            valid_to: document.valid_to,
            assigned_to: document.assigned_to,
            vendor_order: document.vendor_order_id,
            vendor_revision: document.vendor_revision,
            key: document.key,
            created_at: document.created_at,
            activated_at: document.activated_at,
            history: document.history,
            subscription_due: document.subscription_due,
            look_at: document.look_at,
            revision: document.revision,
        }
    }
}

impl KeyShownDocument {
    pub(in crate::store) fn new(licence: &Licence, id: Uuid, at: Timestamp, by: String) -> Self {
        Self {
            id,
            kind: LicenceKind::KeyShown,
            schema_version: SCHEMA_VERSION,
            profile_id: licence.profile,
            licence_id: licence.id,
            at,
            by,
        }
    }
}
