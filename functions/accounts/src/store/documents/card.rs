use super::{Document, Kind, card_id};
use crate::domain::{Amount, Card, CardId, CardState, MonthSpend};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A card as it is kept: no number, only its last four digits. Its token is the id of a document of `card-tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct CardDocument {
    card_id: CardId,
    last_four: String,
    expires: String,
    state: CardState,
    purchase_limit: Option<Amount>,
    month_limit: Option<Amount>,
    spent: MonthSpend,
    #[serde(default)]
    pace: Vec<Timestamp>,
}

impl From<&Card> for Document<CardDocument> {
    fn from(card: &Card) -> Self {
        let content = CardDocument {
            card_id: card.id,
            last_four: card.last_four.clone(),
            expires: card.expires.clone(),
            state: card.state,
            purchase_limit: card.purchase_limit,
            month_limit: card.month_limit,
            spent: card.spent.clone(),
            pace: card.pace.clone(),
        };
        Self::new(Kind::Card, card_id(card.id), card.account_id, content)
    }
}

impl From<Document<CardDocument>> for Card {
    fn from(document: Document<CardDocument>) -> Self {
        let content = document.content;
        Self {
            id: content.card_id,
            account_id: document.account_id,
            last_four: content.last_four,
            expires: content.expires,
            state: content.state,
            purchase_limit: content.purchase_limit,
            month_limit: content.month_limit,
            spent: content.spent,
            pace: content.pace,
        }
    }
}
