use crate::domain::{Amount, CardId, Entry, EntryKind, Hold, Merchant, NetworkId, Transaction};
use jiff::Timestamp;
use money::{Currency, Money};
use serde::Serialize;

/// `Transaction` in openapi.yaml. A purchase is positive, what comes back negative.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionView {
    id: NetworkId,
    state: State,
    kind: EntryKind,
    amount: Money,
    merchant: Option<Merchant>,
    card_id: Option<CardId>,
    authorisation: Option<NetworkId>,
    at: Timestamp,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Posted,
    Pending,
    /// Nothing of it is held any more. What was taken of it is posted, under other ids.
    Released,
}

impl TransactionView {
    pub(crate) fn of(transaction: Transaction, currency: Currency) -> Self {
        match transaction {
            Transaction::Posted(entry) => Self::posted(entry),
            Transaction::Pending(hold) => Self::pending(*hold, currency),
        }
    }

    fn posted(entry: Entry) -> Self {
        let amount = entry.owed().in_currency(entry.currency);
        let Entry { id, kind, merchant, card_id, authorisation, posted_at: at, .. } = entry;
        Self { id, state: State::Posted, kind, amount, merchant, card_id, authorisation, at }
    }

    fn pending(hold: Hold, currency: Currency) -> Self {
        let remaining = hold.remaining();
        let state = if remaining > Amount::ZERO { State::Pending } else { State::Released };
        Self {
            id: hold.id.clone(),
            state,
            kind: EntryKind::Purchase,
            amount: remaining.in_currency(currency),
            merchant: hold.merchant,
            card_id: hold.card_id,
            authorisation: Some(hold.id),
            at: hold.asked_at,
        }
    }
}
