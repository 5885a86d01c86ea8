//! What can be asked of the vendor's API.

use serde::{Deserialize, Serialize};
use simulator_shell::{Method, Request};

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// `GET /v1/services`.
    Services,
    /// `POST /v1/orders`.
    Order,
    /// `GET /v1/orders?clientReference=`.
    Find,
    /// `GET /v1/orders/{orderId}`.
    Read,
    /// `GET /v1/orders/{orderId}/keys`.
    Keys,
    /// `PATCH /v1/orders/{orderId}`.
    Change,
    /// `DELETE /v1/orders/{orderId}`.
    Cancel,
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked<'a> {
    Services,
    Order,
    Find,
    Read(&'a str),
    Keys(&'a str),
    Change(&'a str),
    Cancel(&'a str),
}

impl Operation {
    pub(crate) const ALL: [Self; 7] = [
        Self::Services,
        Self::Order,
        Self::Find,
        Self::Read,
        Self::Keys,
        Self::Change,
        Self::Cancel,
    ];

    /// As in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Order => "order",
            Self::Find => "find",
            Self::Read => "read",
            Self::Keys => "keys",
            Self::Change => "change",
            Self::Cancel => "cancel",
        }
    }

    /// Whether it leaves something behind.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::Order | Self::Change | Self::Cancel)
    }

    /// Whether prices are in its answer.
    pub(crate) fn shows_prices(self) -> bool {
        self != Self::Keys
    }
}

impl<'a> Asked<'a> {
    /// None if there is no such address, or it does not take this method.
    pub(crate) fn of(request: &'a Request) -> Option<Self> {
        let path = request.path().strip_prefix("/v1/")?;
        let parts: Vec<&str> = path.split('/').collect();
        Some(match (&request.method, &*parts) {
            (&Method::GET, ["services"]) => Self::Services,
            (&Method::POST, ["orders"]) => Self::Order,
            (&Method::GET, ["orders"]) => Self::Find,
            (&Method::GET, ["orders", id]) => Self::Read(id),
            (&Method::GET, ["orders", id, "keys"]) => Self::Keys(id),
            (&Method::PATCH, ["orders", id]) => Self::Change(id),
            (&Method::DELETE, ["orders", id]) => Self::Cancel(id),
            _ => return None,
        })
    }

    pub(crate) fn operation(self) -> Operation {
        match self {
            Self::Services => Operation::Services,
            Self::Order => Operation::Order,
            Self::Find => Operation::Find,
            Self::Read(_) => Operation::Read,
            Self::Keys(_) => Operation::Keys,
            Self::Change(_) => Operation::Change,
            Self::Cancel(_) => Operation::Cancel,
        }
    }
}
