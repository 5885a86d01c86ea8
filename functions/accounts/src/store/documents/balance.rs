use crate::domain::{AccountId, Amount, Balance, BalanceKey, LedgerAccount, NetworkId, Part};
use jiff::Timestamp;
use money::Currency;
use serde::{Deserialize, Serialize};
use values::moment;

/// The form of what lies in `ledger-balances`. It is made of entries and can be made anew.
const SCHEMA_VERSION: u32 = 1;

/// The id of the balance in its partition.
pub(in crate::store) const BALANCE: &str = "balance";

/// A balance as it is kept, in the container `ledger-balances`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct BalanceDocument {
    id: String,
    /// The partition: ledger account, currency and month.
    ledger_account: String,
    kind: Kind,
    schema_version: u32,
    name: LedgerAccount,
    currency: Currency,
    month: String,
    debits: Amount,
    credits: Amount,
    entries: u64,
    #[serde(with = "moment")]
    newest_at: Timestamp,
}

/// What was added to a balance, in the batch that added it: while this is there, it is not added again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct AppliedDocument {
    pub(in crate::store) id: String,
    ledger_account: String,
    kind: Kind,
    schema_version: u32,
    account_id: AccountId,
    entry_id: NetworkId,
    amount: Amount,
    #[serde(with = "moment")]
    posted_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Balance,
    Applied,
}

/// An account's entry has one of these in each balance it is part of.
pub(in crate::store) fn applied_id(part: &Part) -> String {
    format!("applied:{}:{}", part.account_id, part.entry_id)
}

impl From<&Balance> for BalanceDocument {
    fn from(balance: &Balance) -> Self {
        Self {
            id: BALANCE.to_owned(),
            ledger_account: balance.key.to_string(),
            kind: Kind::Balance,
            schema_version: SCHEMA_VERSION,
            name: balance.key.ledger_account,
            currency: balance.key.currency,
            month: balance.key.month.clone(),
            debits: balance.debits,
            credits: balance.credits,
            entries: balance.entries,
            newest_at: balance.newest_at,
        }
    }
}

impl From<BalanceDocument> for Balance {
    fn from(document: BalanceDocument) -> Self {
        let BalanceDocument { name, currency, month, debits, credits, entries, newest_at, .. } =
            document;
        let key = BalanceKey { ledger_account: name, currency, month };
        Self { key, debits, credits, entries, newest_at }
    }
}

impl AppliedDocument {
    pub(in crate::store) fn new(key: &BalanceKey, part: &Part) -> Self {
        Self {
            id: applied_id(part),
            ledger_account: key.to_string(),
            kind: Kind::Applied,
            schema_version: SCHEMA_VERSION,
            account_id: part.account_id,
            entry_id: part.entry_id.clone(),
            amount: part.amount,
            posted_at: part.posted_at,
        }
    }
}
