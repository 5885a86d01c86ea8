use super::{Document, Kind, card_id};
use crate::domain::{Amount, Card, CardId, CardLimits, CardState, Face, MonthSpend, Pace};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::{Revision, moment};

/// A card as it is kept: no number, only its last four digits. Its token is the id of a document of `card-tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct CardDocument {
    card_id: CardId,
    face: Option<Face>,
    state: CardState,
    purchase_limit: Option<Amount>,
    month_limit: Option<Amount>,
    spent: MonthSpend,
    #[serde(default)]
    pace: Pace,
    #[serde(default)]
    attempts: u8,
    replaces: Option<CardId>,
    replaced_by: Option<CardId>,
    revision: Revision,
    #[serde(with = "moment")]
    ordered_at: Timestamp,
}

impl From<&Card> for Document<CardDocument> {
    fn from(card: &Card) -> Self {
        let content = CardDocument {
            card_id: card.id,
            face: card.face.clone(),
            state: card.state,
            purchase_limit: card.limits.purchase,
            month_limit: card.limits.month,
            spent: card.spent.clone(),
            pace: card.pace.clone(),
            attempts: card.attempts,
            replaces: card.replaces,
            replaced_by: card.replaced_by,
            revision: card.revision,
            ordered_at: card.ordered_at,
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
            face: content.face,
            state: content.state,
            limits: CardLimits { purchase: content.purchase_limit, month: content.month_limit },
            spent: content.spent,
            pace: content.pace,
            attempts: content.attempts,
            replaces: content.replaces,
            replaced_by: content.replaced_by,
            revision: content.revision,
            ordered_at: content.ordered_at,
        }
    }
}
