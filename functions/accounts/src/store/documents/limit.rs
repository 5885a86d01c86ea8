use super::{Document, Kind, limit_id};
use crate::domain::{Account, AccountId, Amount, LimitChange};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::{Line, Revision, moment};

/// A change of an account's limit as it is kept: created once, never replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct LimitDocument {
    /// Of the account that has this limit.
    revision: Revision,
    before: Amount,
    after: Amount,
    why: Line<500>,
    by: String,
    #[serde(with = "moment")]
    at: Timestamp,
}

impl Document<LimitDocument> {
    pub(in crate::store) fn limit(account: &Account, change: &LimitChange) -> Self {
        let content = LimitDocument {
            revision: account.revision,
            before: change.before,
            after: account.limit,
            why: change.why.clone(),
            by: change.by.clone(),
            at: change.at,
        };
        let id: AccountId = account.id;
        Self::new(Kind::Limit, limit_id(account.revision), id, content)
    }
}

/// An account got another limit.
#[derive(Debug, Clone)]
pub(crate) struct StoredLimit {
    pub(crate) account_id: AccountId,
    /// Of the account that has it.
    pub(crate) revision: Revision,
    pub(crate) before: Amount,
    pub(crate) after: Amount,
    pub(crate) at: Timestamp,
}

impl From<Document<LimitDocument>> for StoredLimit {
    fn from(document: Document<LimitDocument>) -> Self {
        let LimitDocument { revision, before, after, at, .. } = document.content;
        Self { account_id: document.account_id, revision, before, after, at }
    }
}
