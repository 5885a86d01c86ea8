//! The events that others send us. Each has a schema in `messages/`: of the app that sends it, or here if that is no app.

use crate::domain::ProfileId;
use jiff::civil::Date;
use messages::EventType;
use money::Money;
use serde::Deserialize;

/// A profile was erased; the data is [`ProfileErased`].
pub(crate) const PROFILE_ERASED: EventType = EventType::new("com.iommi.profiles.erased.v1");
/// Money came in at the bank; the data is [`BankPayment`].
pub(crate) const BANK_PAYMENT: EventType = EventType::new("com.iommi.bank.payment.v1");

/// What is needed of functions/profiles/messages/erased.schema.json.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileErased {
    pub(crate) profile_id: ProfileId,
}

/// What is needed of messages/payment.schema.json.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BankPayment {
    /// What the bank calls the line: the same one again has the same.
    pub(crate) bank_id: String,
    pub(crate) reference: String,
    pub(crate) amount: Money,
    /// The bank's own day; ours is when we hear of it.
    #[serde(rename = "bookedOn")]
    _booked_on: Date,
}
