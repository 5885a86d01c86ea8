use crate::domain::{Card, CardId, CardState};
use money::{Currency, Money};
use public_api::versions::Versioned;
use serde::Serialize;
use values::Revision;

/// `Card` in openapi.yaml: never its number, never its token.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CardView {
    id: CardId,
    last_four: Option<String>,
    expires: Option<String>,
    network: Option<String>,
    state: CardState,
    pub(crate) purchase_limit: Option<Money>,
    pub(crate) month_limit: Option<Money>,
    replaces: Option<CardId>,
    replaced_by: Option<CardId>,
    revision: Revision,
}

impl Versioned for CardView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl CardView {
    pub(crate) fn of(card: &Card, currency: Currency) -> Self {
        let shown = |amount: crate::domain::Amount| amount.in_currency(currency);
        let face = card.face.clone();
        Self {
            id: card.id,
            last_four: face.as_ref().map(|face| face.last_four.clone()),
            expires: face.as_ref().map(|face| face.expires.clone()),
            network: face.map(|face| face.network),
            state: card.state,
            purchase_limit: card.limits.purchase.map(shown),
            month_limit: card.limits.month.map(shown),
            replaces: card.replaces,
            replaced_by: card.replaced_by,
            revision: card.revision,
        }
    }
}
