use super::{Document, Kind, hold_id, order};
use crate::domain::{AccountId, Amount, Answer, CardId, Hold, Increment, Merchant, NetworkId};
use jiff::Timestamp;
use money::Money;
use serde::{Deserialize, Serialize};
use values::moment;

/// A hold as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct HoldDocument {
    authorisation: NetworkId,
    card_id: Option<CardId>,
    /// Not there in what an older release wrote, nor of a card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    charge: Option<Money>,
    authorised: Amount,
    captured: Amount,
    reversed: Amount,
    refunded: Amount,
    is_released: bool,
    answer: Option<Answer>,
    increments: Vec<Increment>,
    month: String,
    merchant: Option<Merchant>,
    #[serde(with = "moment")]
    asked_at: Timestamp,
    order: String,
    #[serde(with = "moment")]
    expires_at: Timestamp,
    /// What is held, for the query for those that are over.
    remaining: Amount,
}

impl Document<HoldDocument> {
    pub(in crate::store) fn of(account: AccountId, hold: &Hold) -> Self {
        let content = HoldDocument {
            authorisation: hold.id.clone(),
            card_id: hold.card_id,
            charge: hold.charge,
            authorised: hold.authorised,
            captured: hold.captured,
            reversed: hold.reversed,
            refunded: hold.refunded,
            is_released: hold.is_released,
            answer: hold.answer,
            increments: hold.increments.clone(),
            month: hold.month.clone(),
            merchant: hold.merchant.clone(),
            asked_at: hold.asked_at,
            order: order(hold.asked_at, hold.id.as_str()),
            expires_at: hold.expires_at,
            remaining: hold.remaining(),
        };
        Self::new(Kind::Hold, hold_id(&hold.id), account, content)
    }
}

impl From<Document<HoldDocument>> for Hold {
    fn from(document: Document<HoldDocument>) -> Self {
        let content = document.content;
        Self {
            id: content.authorisation,
            card_id: content.card_id,
            charge: content.charge,
            authorised: content.authorised,
            captured: content.captured,
            reversed: content.reversed,
            refunded: content.refunded,
            is_released: content.is_released,
            answer: content.answer,
            increments: content.increments,
            month: content.month,
            merchant: content.merchant,
            asked_at: content.asked_at,
            expires_at: content.expires_at,
        }
    }
}
