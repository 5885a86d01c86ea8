use super::{Document, Kind, entry_id, order, payment_id};
use crate::domain::{CardId, Entry, EntryKind, Merchant, NetworkId, Posting};
use jiff::Timestamp;
use money::Currency;
use serde::{Deserialize, Serialize};
use values::moment;

/// An entry as it is kept: created once, never replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct EntryDocument {
    entry_id: NetworkId,
    entry: EntryKind,
    currency: Currency,
    postings: Vec<Posting>,
    card_id: Option<CardId>,
    authorisation: Option<NetworkId>,
    merchant: Option<Merchant>,
    #[serde(with = "moment")]
    posted_at: Timestamp,
    order: String,
    needs_review: bool,
}

impl EntryDocument {
    /// Where it stands in the list of transactions.
    pub(in crate::store) fn order(&self) -> &String {
        &self.order
    }
}

impl From<&Entry> for Document<EntryDocument> {
    fn from(entry: &Entry) -> Self {
        let content = EntryDocument {
            entry_id: entry.id.clone(),
            entry: entry.kind,
            currency: entry.currency,
            postings: entry.postings.clone(),
            card_id: entry.card_id,
            authorisation: entry.authorisation.clone(),
            merchant: entry.merchant.clone(),
            posted_at: entry.posted_at,
            order: order(entry.posted_at, entry.id.as_str()),
            needs_review: entry.needs_review,
        };
        let id = match entry.kind {
            EntryKind::Payment => payment_id(&entry.id),
            EntryKind::Purchase | EntryKind::Refund | EntryKind::Chargeback => entry_id(&entry.id),
        };
        Self::new(Kind::Entry, id, entry.account_id, content)
    }
}

impl From<Document<EntryDocument>> for Entry {
    fn from(document: Document<EntryDocument>) -> Self {
        let content = document.content;
        Self {
            id: content.entry_id,
            account_id: document.account_id,
            kind: content.entry,
            currency: content.currency,
            postings: content.postings,
            card_id: content.card_id,
            authorisation: content.authorisation,
            merchant: content.merchant,
            posted_at: content.posted_at,
            needs_review: content.needs_review,
        }
    }
}
