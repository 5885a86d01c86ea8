//! The documents of the container `accounts`. Each has its kind in its id and, for queries, in `kind`; and the version of
//! its form, so that one that was written by an older release is read by a newer one.

mod account;
mod balance;
mod card;
mod changed;
mod entry;
mod hold;
mod limit;
mod statement;
pub(in crate::store) mod versions;

pub(super) use account::AccountDocument;
pub(super) use balance::{AppliedDocument, BALANCE, BalanceDocument, applied_id};
pub(super) use card::CardDocument;
pub(crate) use changed::Changed;
pub(super) use entry::EntryDocument;
pub(super) use hold::HoldDocument;
pub(super) use limit::LimitDocument;
pub(crate) use limit::StoredLimit;
pub(super) use statement::StatementDocument;

use crate::domain::{AccountId, BANK, NetworkId, Period};
use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use values::{Revision, moment};

/// What every document has around its content. It is read in any form, and written in that of today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<T> {
    pub(super) id: String,
    account_id: AccountId,
    kind: Kind,
    schema_version: u32,
    #[serde(flatten)]
    pub(super) content: T,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Today<T> {
    id: String,
    account_id: AccountId,
    kind: Kind,
    schema_version: u32,
    #[serde(flatten)]
    content: T,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Document<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let today = versions::upcast(Value::deserialize(deserializer)?).map_err(|unknown| {
            // Whoever asked hears only that it cannot be read.
            tracing::error!(alarm = "account-unreadable", why = %unknown, "a document of another form");
            D::Error::custom(unknown)
        })?;
        let Today { id, account_id, kind, schema_version, content } =
            serde_json::from_value(today).map_err(D::Error::custom)?;
        Ok(Self { id, account_id, kind, schema_version, content })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Account,
    Card,
    Hold,
    Entry,
    Limit,
    Notice,
    Statement,
}

impl Kind {
    /// All of them, and since which form they exist.
    #[cfg(test)]
    pub(super) const ALL: [(Self, u32); 7] = [
        (Self::Account, 1),
        (Self::Card, 1),
        (Self::Hold, 1),
        (Self::Entry, 1),
        (Self::Limit, 1),
        (Self::Notice, 1),
        (Self::Statement, 2),
    ];
}

/// A document as this release would write it, with all that it does not know; or why it cannot be read.
pub(super) fn in_todays_form(document: &Value) -> Result<Value, String> {
    let today = versions::upcast(document.clone()).map_err(|unknown| unknown.to_string())?;
    let kind = Kind::deserialize(&today["kind"]).map_err(|error| error.to_string())?;
    let read = match kind {
        Kind::Account => rewritten::<AccountDocument>(&today),
        Kind::Card => rewritten::<CardDocument>(&today),
        Kind::Hold => rewritten::<HoldDocument>(&today),
        Kind::Entry => rewritten::<EntryDocument>(&today),
        Kind::Limit => rewritten::<LimitDocument>(&today),
        Kind::Notice => rewritten::<Notice>(&today),
        Kind::Statement => rewritten::<StatementDocument>(&today),
    };
    read.map_err(|error| error.to_string())
}

fn rewritten<T: Serialize + DeserializeOwned>(today: &Value) -> serde_json::Result<Value> {
    serde_json::to_value(Document::<T>::deserialize(today)?)
}

/// A fact that moved no money was taken; that it was is all there is to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Notice {}

impl<T> Document<T> {
    fn new(kind: Kind, id: String, account_id: AccountId, content: T) -> Self {
        Self { id, account_id, kind, schema_version: versions::TODAY, content }
    }
}

impl Document<Notice> {
    pub(super) fn notice(account: AccountId, message: &NetworkId) -> Self {
        Self::new(Kind::Notice, notice_id(message), account, Notice {})
    }
}

/// Where an entry or a hold stands in the list of transactions: by time, and by id within a thousandth of a second. One
/// text, so that one index sorts the list and a page can begin after any of them.
pub(super) fn order(at: Timestamp, id: &str) -> String {
    format!("{} {id}", moment::text(at))
}

/// The id of the account's own document.
pub(super) const ACCOUNT: &str = "account";

pub(super) fn notice_id(message: &NetworkId) -> String {
    format!("notice:{message}")
}

pub(super) fn entry_id(message: &NetworkId) -> String {
    format!("entry:{message}")
}

pub(super) fn hold_id(authorisation: &NetworkId) -> String {
    format!("hold:{authorisation}")
}

/// One for each version of the account's terms, in their order.
pub(super) fn limit_id(revision: Revision) -> String {
    format!("limit:{:010}", revision.get())
}

pub(super) fn card_id(card: crate::domain::CardId) -> String {
    format!("card:{card}")
}

/// A payment's entry, by what the bank calls it.
pub(super) fn payment_id(payment: &NetworkId) -> String {
    let id = payment.as_str();
    format!("payment:{}", id.strip_prefix(BANK).unwrap_or(id))
}

pub(super) fn statement_id(period: Period) -> String {
    format!("statement:{period}")
}
