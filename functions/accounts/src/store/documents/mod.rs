//! The documents of the container `accounts`. Each has its kind in its id and, for queries, in `kind`; and the version of
//! its form, so that one that was written by an older release is read by a newer one.

mod account;
mod balance;
mod card;
mod entry;
mod hold;
mod limit;

pub(super) use account::AccountDocument;
pub(super) use balance::{AppliedDocument, BALANCE, BalanceDocument, applied_id};
pub(super) use card::CardDocument;
pub(super) use entry::EntryDocument;
pub(crate) use entry::StoredEntry;
pub(super) use hold::HoldDocument;
pub(super) use limit::LimitDocument;

use crate::domain::{AccountId, NetworkId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::{Revision, moment};

/// The form in which documents are written today.
const SCHEMA_VERSION: u32 = 1;

/// What every document has around its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<T> {
    pub(super) id: String,
    account_id: AccountId,
    kind: Kind,
    schema_version: u32,
    #[serde(flatten)]
    pub(super) content: T,
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
}

/// A fact that moved no money was taken; that it was is all there is to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Notice {}

impl<T> Document<T> {
    fn new(kind: Kind, id: String, account_id: AccountId, content: T) -> Self {
        Self { id, account_id, kind, schema_version: SCHEMA_VERSION, content }
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
