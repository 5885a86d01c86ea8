//! What a contact bought.

use super::{SaleId, ServiceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is known of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sold {
    pub(crate) sale_id: SaleId,
    pub(crate) service_id: ServiceId,
    pub(crate) sold_at: Timestamp,
    /// Until when it runs; without, it runs on.
    #[serde(default)]
    pub(crate) ends_at: Option<Timestamp>,
}

/// A service that a contact bought. It stays after its end, by which the sale is known again when it is told once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Product {
    #[serde(flatten)]
    pub(crate) sold: Sold,
    /// Whether others know that its end has come, or soon will.
    #[serde(default)]
    pub(crate) expired: bool,
}

impl Product {
    /// When it will expire.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        self.sold.ends_at.filter(|_| !self.expired)
    }
}
