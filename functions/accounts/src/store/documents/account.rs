use super::{ACCOUNT, Document, Kind};
use crate::domain::{Account, AccountState, Amount, CustomerId, Cycle, Period, Zone};
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
    #[serde(default)]
    credited: Amount,
    statement_day: u8,
    #[serde(default)]
    cycle: Option<CycleDocument>,
    /// When its next statement is due, for the query for those that are; none if it needs no more.
    #[serde(with = "moment::optional", default)]
    closes_at: Option<Timestamp>,
    state: State,
    revision: Revision,
    #[serde(with = "moment")]
    opened_at: Timestamp,
}

/// How far its statements are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CycleDocument {
    zone: Zone,
    period: Period,
    #[serde(with = "moment")]
    since: Timestamp,
    #[serde(with = "moment")]
    ends_at: Timestamp,
    opening: Amount,
    entries: u64,
    credited: Amount,
    closed: u32,
}

impl From<&Cycle> for CycleDocument {
    fn from(cycle: &Cycle) -> Self {
        let Cycle { zone, period, since, ends_at, opening, entries, credited, closed } =
            cycle.clone();
        Self { zone, period, since, ends_at, opening, entries, credited, closed }
    }
}

impl From<CycleDocument> for Cycle {
    fn from(document: CycleDocument) -> Self {
        let CycleDocument { zone, period, since, ends_at, opening, entries, credited, closed } =
            document;
        Self { zone, period, since, ends_at, opening, entries, credited, closed }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Open,
    Closing,
    Closed,
}

impl From<&Account> for Document<AccountDocument> {
    fn from(account: &Account) -> Self {
        let state = match account.state {
            AccountState::Open => State::Open,
            AccountState::Closing => State::Closing,
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
            credited: account.credited,
            statement_day: account.statement_day,
            cycle: Some(CycleDocument::from(&account.cycle)),
            closes_at: account.has_statements().then_some(account.cycle.ends_at),
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
        let begun = || Cycle::begin(content.opened_at, content.statement_day, Zone::default());
        let cycle = content.cycle.map_or_else(begun, Cycle::from);
        Self {
            id: document.account_id,
            customer_id: content.customer_id,
            name: content.name,
            currency: content.currency,
            limit: content.limit,
            posted: content.posted,
            held: content.held,
            entries: content.entries,
            credited: content.credited,
            statement_day: content.statement_day,
            cycle,
            state: match content.state {
                State::Open => AccountState::Open,
                State::Closing => AccountState::Closing,
                State::Closed => AccountState::Closed,
            },
            revision: content.revision,
            opened_at: content.opened_at,
        }
    }
}
