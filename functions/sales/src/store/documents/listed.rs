use super::SCHEMA_VERSION;
use crate::domain::{ListedOrder, OrderId, OrderState, ProfileId};
use jiff::Timestamp;
use money::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use values::{Revision, moment};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct ListedDocument {
    id: OrderId,
    schema_version: u32,
    profile_id: ProfileId,
    #[serde(with = "moment")]
    placed_at: Timestamp,
    state: OrderState,
    net: Money,
    #[serde(default)]
    invoice_number: Option<String>,
    revision: Revision,
    told: BTreeSet<String>,
    /// For the list.
    place: String,
}

impl ListedDocument {
    pub(in crate::store) fn place(order: &ListedOrder) -> String {
        format!("{} {}", moment::text(order.placed_at), order.id)
    }
}

impl From<&ListedOrder> for ListedDocument {
    fn from(order: &ListedOrder) -> Self {
        Self {
            id: order.id,
            schema_version: SCHEMA_VERSION,
            profile_id: order.profile,
            placed_at: order.placed_at,
            state: order.state,
            net: order.net,
            invoice_number: order.invoice_number.clone(),
            revision: order.revision,
            told: order.told.clone(),
            place: Self::place(order),
        }
    }
}

impl From<ListedDocument> for ListedOrder {
    fn from(document: ListedDocument) -> Self {
        Self {
            id: document.id,
            profile: document.profile_id,
            placed_at: document.placed_at,
            state: document.state,
            net: document.net,
            invoice_number: document.invoice_number,
            revision: document.revision,
            told: document.told,
        }
    }
}
