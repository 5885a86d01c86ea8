//! The facts of others that this app takes in. Each has a schema in `messages/` of the app that tells it.

use crate::domain::{ContactId, QuoteId, ServiceId};
use jiff::Timestamp;
use messages::EventType;
use serde::Deserialize;

pub(crate) const ACCOUNT_ACTIVATED: EventType =
    EventType::new("com.iommi.profiles.account-activated.v1");
pub(crate) const ACCOUNT_DEACTIVATED: EventType =
    EventType::new("com.iommi.profiles.account-deactivated.v1");
pub(crate) const ABANDONED_QUOTE: EventType =
    EventType::new("com.iommi.contacts.abandoned-quote.v1");
/// All of them.
pub(crate) const TAKEN_IN: &[EventType] =
    &[ACCOUNT_ACTIVATED, ACCOUNT_DEACTIVATED, ABANDONED_QUOTE];

/// functions/profiles/messages/account-activated.schema.json, account-deactivated.schema.json
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    pub(crate) profile_id: ContactId,
    pub(crate) at: Timestamp,
}

/// functions/contacts/messages/abandoned-quote.schema.json
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AbandonedQuote {
    pub(crate) contact_id: ContactId,
    pub(crate) quote_id: QuoteId,
    pub(crate) service_id: ServiceId,
    pub(crate) at: Timestamp,
}
