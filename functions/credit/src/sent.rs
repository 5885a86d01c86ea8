//! The events that we send, to ourselves and to scoring; each has a schema in `messages/`.

use messages::EventType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who sends them.
pub(crate) const SOURCE: &str = "/credit";
/// The bank is to be asked; the data is [`FetchDue`].
pub(crate) const FETCH_DUE: EventType = EventType::new("com.iommi.credit.fetch-due.v1");
/// A score is to be made.
pub(crate) const ACTIVITY_STORED: EventType = EventType::new("com.iommi.credit.activity-stored.v1");
/// A webhook is to be sent; the data is [`DeliveryDue`].
pub(crate) const DELIVERY_DUE: EventType = EventType::new("com.iommi.credit.delivery-due.v1");

/// Which attempt is to be made; the document knows all else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FetchDue {
    pub(crate) attempt: u32,
    /// How often the bank was asked in it, from 0.
    pub(crate) tries: u32,
}

/// Which message it is; the document knows all else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeliveryDue {
    /// What the event is about: where the delivery lies.
    pub(crate) about: Uuid,
    /// Only the newest turn of a delivery counts.
    pub(crate) turn: u32,
}
