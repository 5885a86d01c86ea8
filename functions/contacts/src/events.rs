//! The facts of others that this app takes in. Each has a schema in `messages/` of the app that tells it.

use crate::domain::{AccountId, ContactId, SaleId, ServiceId};
use jiff::Timestamp;
use messages::EventType;
use serde::Deserialize;

pub(crate) const ACCOUNT_ACTIVATED: EventType =
    EventType::new("com.iommi.profiles.account-activated.v1");
pub(crate) const ACCOUNT_DEACTIVATED: EventType =
    EventType::new("com.iommi.profiles.account-deactivated.v1");
pub(crate) const SALE_CONFIRMED: EventType =
    EventType::new("com.iommi.conversions.sale-confirmed.v1");
/// All of them.
pub(crate) const TAKEN_IN: &[EventType] = &[ACCOUNT_ACTIVATED, ACCOUNT_DEACTIVATED, SALE_CONFIRMED];

/// functions/profiles/messages/account-activated.schema.json, account-deactivated.schema.json
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    pub(crate) profile_id: ContactId,
    #[serde(default)]
    pub(crate) account_id: Option<AccountId>,
    pub(crate) at: Timestamp,
}

/// What is needed of functions/conversions/messages/sale-confirmed.schema.json.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sale {
    pub(crate) sale_id: SaleId,
    pub(crate) contact_id: ContactId,
    pub(crate) service_id: ServiceId,
    pub(crate) sold_at: Timestamp,
    #[serde(default)]
    pub(crate) ends_at: Option<Timestamp>,
}
