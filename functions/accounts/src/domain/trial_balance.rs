//! Whether the books balance: what the general ledger says, held against what the accounts say.

use super::{Amount, Balance, BalanceKey, LedgerAccount, Part};
use jiff::Timestamp;
use money::Currency;
use std::collections::{BTreeMap, BTreeSet};

/// What is looked at, at one moment as far as that can be had.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    pub(crate) balances: Vec<Balance>,
    /// Of each account: its currency and what it owes.
    pub(crate) owed: Vec<(Currency, Amount)>,
    /// Of the newest entries, those parts that no balance has yet.
    pub(crate) pending: Vec<(BalanceKey, Part)>,
    /// Something was posted or applied while we looked: figures that do not fit prove nothing.
    pub(crate) moving: bool,
}

/// Sums of all currencies in use, in the order of their codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrialBalance {
    pub(crate) currencies: Vec<CurrencyBalance>,
}

/// Sums of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CurrencyBalance {
    pub(crate) currency: Currency,
    pub(crate) standing: Standing,
    pub(crate) lines: BTreeMap<LedgerAccount, Line>,
    /// Of all ledger balances: nothing, if the books balance.
    pub(crate) sum: Amount,
    /// Of all accounts: what they owe.
    pub(crate) owed: Amount,
    pub(crate) accounts: u64,
    /// `owed` less the receivables: nothing, if the books balance.
    pub(crate) difference: Amount,
    /// Entries that wait for the change feed.
    pub(crate) pending: u64,
    /// When the one that waits longest was posted.
    pub(crate) pending_since: Option<Timestamp>,
}

/// The balance of one ledger account over all months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Line {
    pub(crate) debits: Amount,
    pub(crate) credits: Amount,
    pub(crate) entries: u64,
    pub(crate) newest_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Everything is applied and fits, to the cent.
    Balanced,
    /// It fits once what is on its way has arrived, or it cannot be said because things move.
    Pending,
    /// It does not fit, and nothing that is on its way explains it.
    Unbalanced,
}

impl TrialBalance {
    pub(crate) fn of(truth: &Truth) -> Self {
        let mut currencies: BTreeMap<&'static str, Currency> = BTreeMap::new();
        let balances = truth.balances.iter().map(|balance| balance.key.currency);
        let pending = truth.pending.iter().map(|(key, _)| key.currency);
        for currency in balances.chain(truth.owed.iter().map(|owed| owed.0)).chain(pending) {
            currencies.insert(currency.code(), currency);
        }
        Self {
            currencies: currencies
                .into_values()
                .map(|one| CurrencyBalance::of(truth, one))
                .collect(),
        }
    }

    pub(crate) fn is(&self, standing: Standing) -> bool {
        self.currencies.iter().any(|one| one.standing == standing)
    }
}

impl CurrencyBalance {
    fn of(truth: &Truth, currency: Currency) -> Self {
        let mut lines: BTreeMap<LedgerAccount, Line> = BTreeMap::new();
        for balance in truth.balances.iter().filter(|one| one.key.currency == currency) {
            lines.entry(balance.key.ledger_account).or_default().add(balance);
        }
        let owed = truth.owed.iter().filter(|one| one.0 == currency);
        let (accounts, owed) = owed.fold((0, Amount::ZERO), |(n, sum), one| (n + 1, sum + one.1));
        let sum: Amount = lines.values().map(|line| line.balance()).sum();
        let receivables =
            lines.get(&LedgerAccount::Receivables).map_or(Amount::ZERO, Line::balance);
        let pending: Vec<_> =
            truth.pending.iter().filter(|(key, _)| key.currency == currency).collect();
        let waiting: BTreeSet<_> =
            pending.iter().map(|(_, part)| (part.account_id, &part.entry_id)).collect();
        let mut one = Self {
            currency,
            standing: Standing::Balanced,
            lines,
            sum,
            owed,
            accounts,
            difference: owed - receivables,
            pending: waiting.len() as u64,
            pending_since: pending.iter().map(|(_, part)| part.posted_at).min(),
        };
        one.standing = one.stands(&pending, truth.moving);
        one
    }

    fn stands(&self, pending: &[&(BalanceKey, Part)], moving: bool) -> Standing {
        let arriving: Amount = pending.iter().map(|(_, part)| part.amount).sum();
        let receivables =
            pending.iter().filter(|(key, _)| key.ledger_account == LedgerAccount::Receivables);
        let owed: Amount = receivables.map(|(_, part)| part.amount).sum();
        let fits = (self.sum + arriving).is_zero() && self.difference == owed;
        match (fits, pending.is_empty()) {
            (true, true) => Standing::Balanced,
            (true, false) => Standing::Pending,
            (false, _) if moving => Standing::Pending,
            (false, _) => Standing::Unbalanced,
        }
    }
}

impl Line {
    fn add(&mut self, balance: &Balance) {
        self.debits += balance.debits;
        self.credits += balance.credits;
        self.entries += balance.entries;
        self.newest_at = self.newest_at.max(Some(balance.newest_at));
    }

    /// Debits less credits.
    pub(crate) fn balance(&self) -> Amount {
        self.debits - self.credits
    }
}

#[cfg(test)]
#[path = "trial_balance_tests.rs"]
mod tests;
