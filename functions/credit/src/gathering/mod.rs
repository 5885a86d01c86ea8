//! From the bank's pages to the activity that is scored. What is gathered is what is kept, sealed, when the bank stops in
//! the middle; the next run goes on at its cursors.

mod finish;
mod twins;

use crate::bank::{BankAccount, BankFailure, Page, PageOf, Status, Transaction};
use jiff::ToSpan;
use jiff::civil::Date;
use ring::digest::{SHA256, digest};
use scorecard::activity::{AccountKind, Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most accounts of one person.
const MAX_ACCOUNTS: usize = 32;
/// Most pages of one account.
const MAX_PAGES: usize = 500;
/// Most transactions of one account.
const MAX_TRANSACTIONS: usize = 50_000;

/// All that the bank has said so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Gathered {
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) accounts: Vec<GatheredAccount>,
}

/// One account, and where its next page is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GatheredAccount {
    /// The bank's name for it.
    pub(crate) id: String,
    pub(crate) currency: money::Currency,
    kind: AccountKind,
    balance: i64,
    balance_on: Date,
    opened_on: Option<Date>,
    place: Place,
    /// The first day that the bank has told of.
    told_from: Option<Date>,
    /// Hashes of the cursors that there were: one that comes again leads nowhere.
    cursors: BTreeSet<u64>,
    transactions: Vec<Kept>,
}

/// Where the next page is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Place {
    Start,
    Cursor(String),
    End,
}

/// What is kept of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Kept {
    on: Date,
    amount: i64,
    kind: Kind,
    pending: bool,
    /// A hash of the bank's name for it.
    id: u64,
}

impl Gathered {
    /// Of a person whose accounts are known, and nothing else yet.
    pub(crate) fn of(
        accounts: Vec<BankAccount>,
        today: Date,
        days: u16,
    ) -> Result<Self, BankFailure> {
        if accounts.len() > MAX_ACCOUNTS {
            return Err(BankFailure::Endless("it has more accounts than a person"));
        }
        let from = today.saturating_sub(i32::from(days).days());
        let accounts = accounts.into_iter().map(GatheredAccount::new).collect();
        Ok(Self { from, to: today, accounts })
    }
}

impl GatheredAccount {
    fn new(account: BankAccount) -> Self {
        Self {
            id: account.id,
            currency: account.currency,
            kind: account.kind,
            balance: account.balance,
            balance_on: account.balance_on,
            opened_on: account.opened_on,
            place: Place::Start,
            told_from: None,
            cursors: BTreeSet::new(),
            transactions: Vec::new(),
        }
    }

    /// Which page comes next; none after the last.
    pub(crate) fn next_page(&self, from: Date, to: Date) -> Option<PageOf<'_>> {
        match &self.place {
            Place::Start => Some(PageOf::First { from, to }),
            Place::Cursor(cursor) => Some(PageOf::Next(cursor)),
            Place::End => None,
        }
    }

    /// Takes a page; one that came before adds nothing.
    pub(crate) fn take(&mut self, page: Page) -> Result<(), BankFailure> {
        self.told_from = Some(self.told_from.map_or(page.from, |from| from.max(page.from)));
        self.transactions.extend(page.transactions.iter().map(Kept::of));
        if self.transactions.len() > MAX_TRANSACTIONS {
            return Err(BankFailure::Endless("an account has more transactions than we read"));
        }
        self.place = match page.next {
            None => Place::End,
            Some(cursor) => {
                if !self.cursors.insert(hash(&cursor)) {
                    return Err(BankFailure::Endless("a cursor leads back to where it was"));
                }
                if self.cursors.len() >= MAX_PAGES {
                    return Err(BankFailure::Endless("an account has more pages than we read"));
                }
                Place::Cursor(cursor)
            }
        };
        Ok(())
    }
}

impl Kept {
    fn of(transaction: &Transaction) -> Self {
        let &Transaction { ref id, status, on, amount, kind } = transaction;
        Self { on, amount, kind, pending: status == Status::Pending, id: hash(id) }
    }
}

/// The first 64 bits of the SHA-256: enough to tell some thousand names apart.
fn hash(name: &str) -> u64 {
    let bytes = digest(&SHA256, name.as_bytes());
    bytes.as_ref().iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests;
