//! The activity, when all pages are there.

use super::twins::without_twins;
use super::{Gathered, GatheredAccount, Kept};
use crate::bank::BankFailure;
use jiff::civil::Date;
use scorecard::activity::{Account, AccountKind, Activity, Transaction, VERSION};

/// An account as it is compared with others: in whatever order the bank tells them, the activity has one.
type Ordered = (bool, &'static str, Option<Date>, Date, i64, Vec<Kept>);

impl Gathered {
    /// All of it as it is scored. `None`: pages are missing, and half of a history is never taken for all of it.
    pub(crate) fn finished(self) -> Option<Result<Activity, BankFailure>> {
        let (asked_from, to) = (self.from, self.to);
        if self.accounts.iter().any(|account| account.next_page(asked_from, to).is_some()) {
            return None;
        }
        // The bank may have less than was asked for; an account that was opened late takes nothing from the others.
        let told_from = self.accounts.iter().filter_map(|account| account.told_from).min();
        let from = told_from.map_or(asked_from, |told| told.clamp(asked_from, to));
        let mut accounts: Vec<_> =
            self.accounts.into_iter().map(|account| account.complete(from, to)).collect();
        accounts.sort_by_cached_key(|(account, kept)| ordered(account, kept));
        let (accounts, kept): (Vec<Account>, Vec<Vec<Kept>>) = accounts.into_iter().unzip();
        let transactions =
            kept.into_iter().enumerate().flat_map(|(place, kept)| transactions(place, kept));
        let transactions = transactions.collect();
        let activity = Activity { version: VERSION, from, to, accounts, transactions };
        let unusable = |_| BankFailure::Unusable("its history cannot be");
        Some(activity.checked().map_err(unusable))
    }
}

impl GatheredAccount {
    /// The account, and what is left of its transactions: those of the days that were asked for.
    fn complete(self, from: Date, to: Date) -> (Account, Vec<Kept>) {
        let account = Account {
            currency: self.currency,
            kind: self.kind,
            balance: self.balance,
            // A bank whose clock is ahead has no balance of tomorrow.
            balance_on: self.balance_on.min(to),
            opened_on: self.opened_on.filter(|opened| *opened <= to),
        };
        let mut kept = without_twins(self.transactions);
        kept.retain(|kept| kept.on >= from && (kept.pending || kept.on <= to));
        kept.sort_unstable();
        (account, kept)
    }
}

fn ordered(account: &Account, kept: &[Kept]) -> Ordered {
    let is_savings = account.kind == AccountKind::Savings;
    // The bank's names say nothing.
    let kept = kept.iter().map(|kept| Kept { id: 0, ..*kept }).collect();
    (
        is_savings,
        account.currency.code(),
        account.opened_on,
        account.balance_on,
        account.balance,
        kept,
    )
}

fn transactions(account: usize, kept: Vec<Kept>) -> impl Iterator<Item = Transaction> {
    kept.into_iter().map(move |Kept { on, amount, kind, pending, .. }| Transaction {
        account,
        on,
        amount,
        kind,
        pending,
    })
}
