use crate::domain::{Account, AccountId, AccountState, CreditorReference, CustomerId};
use jiff::Timestamp;
use money::Money;
use public_api::versions::Versioned;
use serde::Serialize;
use values::{Line, Revision};

/// `Account` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView {
    id: AccountId,
    customer_id: CustomerId,
    name: Line<100>,
    state: &'static str,
    limit: Money,
    posted: Money,
    held: Money,
    remaining: Money,
    over_limit: bool,
    statement_day: u8,
    zone: String,
    payment_reference: String,
    revision: Revision,
    opened_at: Timestamp,
}

impl Versioned for AccountView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl From<&Account> for AccountView {
    fn from(account: &Account) -> Self {
        let shown = |amount: crate::domain::Amount| amount.in_currency(account.currency);
        Self {
            id: account.id,
            customer_id: account.customer_id,
            name: account.name.clone(),
            state: match account.state {
                AccountState::Open => "open",
                AccountState::Closing => "closing",
                AccountState::Closed => "closed",
            },
            limit: shown(account.limit),
            posted: shown(account.posted),
            held: shown(account.held),
            remaining: shown(account.remaining()),
            over_limit: account.is_over_limit(),
            statement_day: account.statement_day,
            zone: account.cycle.zone.as_str().to_owned(),
            payment_reference: CreditorReference::of(account.id).to_string(),
            revision: account.revision,
            opened_at: account.opened_at,
        }
    }
}
