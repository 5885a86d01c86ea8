//! The general ledger: what the entries of all accounts come to, by ledger account, currency and month.

use super::card::month_of;
use super::{AccountId, Amount, Entry, LedgerAccount, NetworkId};
use jiff::Timestamp;
use money::Currency;
use std::collections::BTreeMap;
use std::fmt;

/// One balance. Entries are of the month in which they were posted, in UTC: so a balance, and what is noted beside it of
/// each entry, stop growing when the month is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BalanceKey {
    pub(crate) ledger_account: LedgerAccount,
    pub(crate) currency: Currency,
    /// `2026-11`.
    pub(crate) month: String,
}

impl BalanceKey {
    fn of(entry: &Entry, ledger_account: LedgerAccount) -> Self {
        Self { ledger_account, currency: entry.currency, month: month_of(entry.posted_at) }
    }
}

impl fmt::Display for BalanceKey {
    /// `receivables:DKK:2026-11`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.ledger_account, self.currency, self.month)
    }
}

/// What one entry adds to one ledger account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) account_id: AccountId,
    pub(crate) entry_id: NetworkId,
    /// Positive is a debit.
    pub(crate) amount: Amount,
    pub(crate) posted_at: Timestamp,
}

/// What the parts of one [`BalanceKey`] come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Balance {
    pub(crate) key: BalanceKey,
    pub(crate) debits: Amount,
    pub(crate) credits: Amount,
    pub(crate) entries: u64,
    /// When the newest of them was posted.
    pub(crate) newest_at: Timestamp,
}

impl Balance {
    pub(crate) fn new(key: BalanceKey) -> Self {
        let (debits, credits) = (Amount::ZERO, Amount::ZERO);
        Self { key, debits, credits, entries: 0, newest_at: Timestamp::UNIX_EPOCH }
    }

    pub(crate) fn add(&mut self, part: &Part) {
        self.debits += part.amount.or_zero();
        self.credits += (-part.amount).or_zero();
        self.entries += 1;
        self.newest_at = self.newest_at.max(part.posted_at);
    }
}

/// What entries add to each balance. An entry that is there twice counts once. What customers owe comes first: whoever
/// applies the balances in this order never has an entry's other side without it.
pub(crate) fn parts<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Vec<(BalanceKey, Vec<Part>)> {
    let mut parts = BTreeMap::new();
    for entry in entries {
        for (ledger_account, amount) in entry.by_ledger_account() {
            let key = BalanceKey::of(entry, ledger_account);
            let of_key = parts
                .entry((ledger_account, key.to_string()))
                .or_insert_with(|| (key, BTreeMap::new()));
            let Entry { account_id, id: entry_id, posted_at, .. } = entry.clone();
            let name = (account_id, entry_id.clone());
            of_key.1.insert(name, Part { account_id, entry_id, amount, posted_at });
        }
    }
    parts.into_values().map(|(key, parts)| (key, parts.into_values().collect())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EntryKind;
    use uuid::Uuid;

    fn entry(id: &str, kind: EntryKind, amount: i64, at: &str) -> Entry {
        Entry {
            id: id.parse().unwrap(),
            account_id: Uuid::from_u128(1).into(),
            kind,
            currency: "DKK".parse().unwrap(),
            postings: kind.postings(Amount::from(amount)),
            card_id: None,
            authorisation: None,
            merchant: None,
            posted_at: at.parse().unwrap(),
            needs_review: false,
        }
    }

    #[test]
    fn each_balance_gets_its_parts_once_and_what_customers_owe_comes_first() {
        let bought = entry("a", EntryKind::Purchase, 500, "2026-11-30T23:59:59Z");
        let paid = entry("b", EntryKind::Payment, 300, "2026-12-01T00:00:00Z");
        let parts = parts([&bought, &paid, &bought]);
        let shown: Vec<_> = parts
            .iter()
            .map(|(key, parts)| (key.to_string(), parts.len(), parts[0].amount))
            .collect();
        let of = |name: &str, amount: i64| (name.to_owned(), 1, Amount::from(amount));
        assert_eq!(
            shown,
            [
                of("receivables:DKK:2026-11", 500),
                of("receivables:DKK:2026-12", -300),
                of("clearing:DKK:2026-11", -500),
                of("bank:DKK:2026-12", 300),
            ]
        );
    }
}
