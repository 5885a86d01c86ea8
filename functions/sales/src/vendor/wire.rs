//! The vendor's messages.

use super::LicenceKey;
use crate::domain::{VendorOrder, VendorState};
use jiff::Timestamp;
use money::Money;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PriceListWire {
    pub(super) services: Vec<ServiceWire>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceWire {
    pub(super) id: String,
    pub(super) unit_price: Money,
    pub(super) available: bool,
    pub(super) minimum: u32,
    pub(super) maximum: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewOrderWire<'a> {
    pub(super) client_reference: String,
    pub(super) service_id: &'a str,
    pub(super) quantity: u32,
    pub(super) unit_price: Money,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangesWire {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) quantity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) valid_to: Option<Timestamp>,
    pub(super) revision: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderWire {
    order_id: String,
    client_reference: String,
    service_id: String,
    quantity: u32,
    unit_price: Money,
    state: StateWire,
    valid_to: Timestamp,
    revision: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StateWire {
    Activating,
    Active,
    Cancelled,
}

#[derive(Debug, Deserialize)]
pub(super) struct OrdersWire {
    pub(super) orders: Vec<OrderWire>,
}

#[derive(Debug, Deserialize)]
pub(super) struct KeysWire {
    pub(super) keys: Vec<KeyWire>,
}

#[derive(Debug, Deserialize)]
pub(super) struct KeyWire {
    pub(super) key: LicenceKey,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefusalWire {
    pub(super) code: String,
    #[serde(default)]
    pub(super) unit_price: Option<Money>,
}

impl From<OrderWire> for VendorOrder {
    fn from(wire: OrderWire) -> Self {
        let state = match wire.state {
            StateWire::Activating => VendorState::Activating,
            StateWire::Active => VendorState::Active,
            StateWire::Cancelled => VendorState::Cancelled,
        };
        // As it is kept: what is compared has whole milliseconds.
        let valid_to = Timestamp::from_millisecond(wire.valid_to.as_millisecond());
        Self {
            id: wire.order_id,
            reference: wire.client_reference,
            service: wire.service_id,
            quantity: wire.quantity,
            unit_price: wire.unit_price,
            state,
            valid_to: valid_to.unwrap_or(wire.valid_to),
            revision: wire.revision,
        }
    }
}
