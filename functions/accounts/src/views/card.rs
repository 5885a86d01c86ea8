use crate::domain::{Card, CardId, CardState};
use money::{Currency, Money};
use serde::Serialize;

/// `Card` in openapi.yaml: never its number, never its token.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CardView {
    id: CardId,
    last_four: String,
    expires: String,
    state: CardState,
    purchase_limit: Option<Money>,
    month_limit: Option<Money>,
}

impl CardView {
    pub(crate) fn of(card: &Card, currency: Currency) -> Self {
        let shown = |amount: crate::domain::Amount| amount.in_currency(currency);
        Self {
            id: card.id,
            last_four: card.last_four.clone(),
            expires: card.expires.clone(),
            state: card.state,
            purchase_limit: card.purchase_limit.map(shown),
            month_limit: card.month_limit.map(shown),
        }
    }
}
