//! Payments: what the bank says came in.

use super::{Account, Amount, Entry, EntryKind, NetworkId};
use jiff::Timestamp;

/// What the bank's ids begin with here: theirs are not the card network's.
pub(crate) const BANK: &str = "bank-";

/// A line of the bank's that names an account by its reference. Whoever paid is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Payment {
    /// [`BANK`] and what the bank calls the line.
    pub(crate) id: NetworkId,
    pub(crate) amount: Amount,
}

impl Payment {
    /// The id of a payment that the bank calls so.
    pub(crate) fn id_of(bank_id: &str) -> Result<NetworkId, &'static str> {
        let id = format!("{BANK}{bank_id}").parse().ok().filter(|_| !bank_id.is_empty());
        id.ok_or("must have 1 to 59 letters, digits, '-' and '_'")
    }

    /// Posts it. More than is owed is owed to the customer then, and may be spent.
    pub(crate) fn post(&self, mut account: Account, now: Timestamp) -> (Account, Entry) {
        let entry = Entry {
            id: self.id.clone(),
            account_id: account.id,
            kind: EntryKind::Payment,
            currency: account.currency,
            postings: EntryKind::Payment.postings(self.amount),
            card_id: None,
            authorisation: None,
            merchant: None,
            posted_at: account.posting_time(now),
            needs_review: false,
        };
        account.post(&entry);
        (account, entry)
    }
}
