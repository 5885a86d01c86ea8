use super::SCHEMA_VERSION;
use crate::domain::{OrderId, Sent, VendorCall, VendorReference};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use values::moment;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct VendorCallDocument {
    /// The line's number.
    id: String,
    schema_version: u32,
    order_id: OrderId,
    line: u32,
    round: u32,
    attempt: u32,
    released: bool,
    #[serde(with = "moment::optional")]
    sent_at: Option<Timestamp>,
    sent_by: Option<Uuid>,
    #[serde(with = "moment::optional")]
    answered_at: Option<Timestamp>,
    vendor_order_id: Option<String>,
    #[serde(with = "moment")]
    valid_to: Timestamp,
    #[serde(with = "moment::optional")]
    look_at: Option<Timestamp>,
}

/// What a call is found under in its order's partition.
pub(in crate::store) fn call_id(line: u32) -> String {
    line.to_string()
}

impl From<&VendorCall> for VendorCallDocument {
    fn from(call: &VendorCall) -> Self {
        let VendorReference { order, line, round } = call.reference;
        Self {
            id: call_id(line),
            schema_version: SCHEMA_VERSION,
            order_id: order,
            line,
            round,
            attempt: call.attempt,
            released: call.released,
            sent_at: call.sent.map(|sent| sent.at),
            sent_by: call.sent.map(|sent| sent.by),
            answered_at: call.answered_at,
            vendor_order_id: call.vendor_order.clone(),
            valid_to: call.valid_to,
            look_at: call.look_at,
        }
    }
}

impl From<VendorCallDocument> for VendorCall {
    fn from(document: VendorCallDocument) -> Self {
        let VendorCallDocument { order_id: order, line, round, .. } = document;
        let sent = document.sent_by.zip(document.sent_at).map(|(by, at)| Sent { by, at });
        Self {
            reference: VendorReference { order, line, round },
            attempt: document.attempt,
            released: document.released,
            sent,
            answered_at: document.answered_at,
            vendor_order: document.vendor_order_id,
            valid_to: document.valid_to,
            look_at: document.look_at,
        }
    }
}
