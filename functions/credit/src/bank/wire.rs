//! What is read of the bank's answers. Names, account numbers and texts have no field here, so nobody can keep them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct PushedWire {
    pub(super) request_uri: String,
}

#[derive(Deserialize)]
pub(super) struct TokenWire {
    pub(super) access_token: String,
    pub(super) token_type: String,
    #[serde(default)]
    pub(super) consent_expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(super) struct OAuthError {
    pub(super) error: String,
}

#[derive(Deserialize)]
pub(super) struct AccountsWire {
    pub(super) accounts: Vec<AccountWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountWire {
    pub(super) id: String,
    pub(super) currency: String,
    pub(super) kind: String,
    pub(super) balance: BalanceWire,
    #[serde(default)]
    pub(super) opened_on: Option<Date>,
}

#[derive(Deserialize)]
pub(super) struct BalanceWire {
    pub(super) amount: String,
    pub(super) on: Date,
}

#[derive(Deserialize)]
pub(super) struct PageWire {
    pub(super) transactions: Vec<TransactionWire>,
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransactionWire {
    pub(super) id: String,
    pub(super) status: String,
    #[serde(default)]
    pub(super) booked_on: Option<Date>,
    #[serde(default)]
    pub(super) value_on: Option<Date>,
    pub(super) amount: String,
    pub(super) currency: String,
    #[serde(default)]
    pub(super) bank_transaction_code: Option<String>,
}
