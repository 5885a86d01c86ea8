use super::{ACCOUNT, Document, Kind};
use crate::domain::{Account, AccountState, Amount, CustomerId};
use jiff::Timestamp;
use money::Currency;
use serde::{Deserialize, Serialize};
use values::{Line, Revision, moment};

/// An account as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct AccountDocument {
    customer_id: CustomerId,
    name: Line<100>,
    currency: Currency,
    limit: Amount,
    posted: Amount,
    held: Amount,
    entries: u64,
    statement_day: u8,
    state: State,
    revision: Revision,
    #[serde(with = "moment")]
    opened_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Open,
    Closed,
}

impl From<&Account> for Document<AccountDocument> {
    fn from(account: &Account) -> Self {
        let state = match account.state {
            AccountState::Open => State::Open,
            AccountState::Closed => State::Closed,
        };
        let content = AccountDocument {
            customer_id: account.customer_id,
            name: account.name.clone(),
            currency: account.currency,
            limit: account.limit,
            posted: account.posted,
            held: account.held,
            entries: account.entries,
            statement_day: account.statement_day,
            state,
            revision: account.revision,
            opened_at: account.opened_at,
        };
        Self::new(Kind::Account, ACCOUNT.to_owned(), account.id, content)
    }
}

impl From<Document<AccountDocument>> for Account {
    fn from(document: Document<AccountDocument>) -> Self {
        let content = document.content;
        Self {
            id: document.account_id,
            customer_id: content.customer_id,
            name: content.name,
            currency: content.currency,
            limit: content.limit,
            posted: content.posted,
            held: content.held,
            entries: content.entries,
            statement_day: content.statement_day,
            state: match content.state {
                State::Open => AccountState::Open,
                State::Closed => AccountState::Closed,
            },
            revision: content.revision,
            opened_at: content.opened_at,
        }
    }
}
