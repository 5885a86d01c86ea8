use crate::domain::{CardId, Entry, EntryKind, Merchant, NetworkId};
use jiff::Timestamp;
use money::Money;
use serde::Serialize;

/// `Transaction` in openapi.yaml: what was posted. A purchase is positive, what comes back negative.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionView {
    id: NetworkId,
    kind: EntryKind,
    amount: Money,
    merchant: Option<Merchant>,
    card_id: Option<CardId>,
    posted_at: Timestamp,
}

impl From<Entry> for TransactionView {
    fn from(entry: Entry) -> Self {
        let amount = entry.owed().in_currency(entry.currency);
        let Entry { id, kind, merchant, card_id, posted_at, .. } = entry;
        Self { id, kind, amount, merchant, card_id, posted_at }
    }
}
