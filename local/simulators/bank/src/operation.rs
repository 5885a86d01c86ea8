//! What can be asked of the bank's API.

use serde::{Deserialize, Serialize};
use simulator_shell::{Method, Request};

use crate::data::Cursor;

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// `POST /par`.
    Par,
    /// `GET` and `POST /authorize`, and `POST /v1/simulation/consents`, which does the same.
    Authorize,
    /// `POST /token`.
    Token,
    /// `POST /revoke`.
    Revoke,
    /// `GET /accounts`.
    Accounts,
    /// `GET /accounts/{id}/transactions`.
    Transactions,
}

/// What a request asks for, as far as faults have to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) operation: Operation,
    /// Of an account's transactions, counted from 1.
    pub(crate) page: Option<u32>,
    /// It carries a person's decision, which is answered to the one who asked for the consent.
    pub(crate) decides: bool,
}

/// Where the person's decision is told as JSON.
pub(crate) const CONSENTS: &str = "/v1/simulation/consents";

impl Operation {
    pub(crate) const ALL: [Self; 6] =
        [Self::Par, Self::Authorize, Self::Token, Self::Revoke, Self::Accounts, Self::Transactions];

    /// As in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Par => "par",
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::Revoke => "revoke",
            Self::Accounts => "accounts",
            Self::Transactions => "transactions",
        }
    }

    /// Accounts and transactions.
    pub(crate) fn is_data(self) -> bool {
        matches!(self, Self::Accounts | Self::Transactions)
    }

    /// The methods that it takes.
    pub(crate) fn methods(self) -> &'static str {
        match self {
            Self::Par | Self::Token | Self::Revoke => "POST",
            Self::Authorize => "GET, POST",
            Self::Accounts | Self::Transactions => "GET",
        }
    }
}

/// The account in the path of its transactions.
pub(crate) fn account_of(path: &str) -> Option<&str> {
    let account = path.strip_prefix("/accounts/")?.strip_suffix("/transactions")?;
    (!account.is_empty() && !account.contains('/')).then_some(account)
}

/// What a request asks for; none if there is no such address.
pub(crate) fn asked(request: &Request) -> Option<Asked> {
    let operation = match request.path() {
        "/par" => Operation::Par,
        "/authorize" | CONSENTS => Operation::Authorize,
        "/token" => Operation::Token,
        "/revoke" => Operation::Revoke,
        "/accounts" => Operation::Accounts,
        path => account_of(path).map(|_| Operation::Transactions)?,
    };
    let page = (operation == Operation::Transactions).then(|| match request.parameter("cursor") {
        None => Some(1),
        Some(cursor) => Cursor::read(&cursor).map(|cursor| cursor.page()),
    });
    let decides = operation == Operation::Authorize && request.method == Method::POST;
    Some(Asked { operation, page: page.flatten(), decides })
}
