//! What the first two steps leave behind for those that follow. No licence key is in it.

use super::{LicenceId, ServiceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::moment;

/// What the vendor delivered: what `provision` leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Provisioned {
    /// As the order's, each delivered whole.
    pub(crate) lines: Vec<DeliveredLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveredLine {
    pub(crate) line: u32,
    pub(crate) service_id: ServiceId,
    pub(crate) licence_id: LicenceId,
    pub(crate) vendor_order_id: String,
    pub(crate) quantity: u32,
    #[serde(with = "moment")]
    pub(crate) valid_to: Timestamp,
}

/// To what the profile is subscribed now: what `subscribe` leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subscribed {
    pub(crate) lines: Vec<DeliveredLine>,
    pub(crate) subscriptions: Vec<LineSubscription>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LineSubscription {
    pub(crate) service_id: ServiceId,
    pub(crate) subscribed: bool,
    /// Why not, in one word; it is no reason not to have an invoice for what was delivered.
    pub(crate) note: Option<String>,
}
