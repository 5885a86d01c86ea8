//! Entries: written once, never changed; what was wrong is put right by another one.

use super::{AccountId, Amount, CardId, Merchant, NetworkId};
use jiff::Timestamp;
use money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Money that has moved. It balances in itself: its postings add up to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The id of the message that brought it; the same message makes the same entry.
    pub(crate) id: NetworkId,
    pub(crate) account_id: AccountId,
    pub(crate) kind: EntryKind,
    pub(crate) currency: Currency,
    pub(crate) postings: Vec<Posting>,
    pub(crate) card_id: Option<CardId>,
    /// The authorisation that it belongs to, if the network said so.
    pub(crate) authorisation: Option<NetworkId>,
    pub(crate) merchant: Option<Merchant>,
    /// When it was written here; statements are cut by this.
    pub(crate) posted_at: Timestamp,
    /// A person should look at it: more was given back than was ever taken.
    pub(crate) needs_review: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EntryKind {
    Purchase,
    Refund,
    Chargeback,
    Payment,
}

/// One side of an entry: positive is a debit, negative a credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Posting {
    pub(crate) ledger_account: LedgerAccount,
    pub(crate) amount: Amount,
}

/// An account of the general ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LedgerAccount {
    /// What customers owe us.
    Receivables,
    /// What we owe the card network, until the day's settlement.
    Clearing,
    /// What came in at the bank.
    Bank,
}

impl fmt::Display for LedgerAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Receivables => "receivables",
            Self::Clearing => "clearing",
            Self::Bank => "bank",
        })
    }
}

impl EntryKind {
    /// The postings for an amount that is more than nothing.
    pub(crate) fn postings(self, amount: Amount) -> Vec<Posting> {
        let (other, to_customer) = match self {
            Self::Purchase => (LedgerAccount::Clearing, amount),
            Self::Refund | Self::Chargeback => (LedgerAccount::Clearing, -amount),
            Self::Payment => (LedgerAccount::Bank, -amount),
        };
        vec![
            Posting { ledger_account: LedgerAccount::Receivables, amount: to_customer },
            Posting { ledger_account: other, amount: -to_customer },
        ]
    }
}

impl Entry {
    /// What the customer owes more because of it; negative if less.
    pub(crate) fn owed(&self) -> Amount {
        let receivables =
            self.postings.iter().filter(|part| part.ledger_account == LedgerAccount::Receivables);
        receivables.map(|part| part.amount).sum()
    }

    /// Its postings, those of one ledger account together.
    pub(crate) fn by_ledger_account(&self) -> BTreeMap<LedgerAccount, Amount> {
        let mut sums = BTreeMap::new();
        for part in &self.postings {
            *sums.entry(part.ledger_account).or_insert(Amount::ZERO) += part.amount;
        }
        sums
    }

    /// Whether its postings add up to nothing.
    pub(crate) fn balances(&self) -> bool {
        self.postings.iter().map(|part| part.amount).sum::<Amount>().is_zero()
    }
}
