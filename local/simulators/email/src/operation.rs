//! What can be asked of the API.

use serde::{Deserialize, Serialize};
use simulator_shell::{Method, Request};

const OPERATIONS: &str = "/emails/operations/";

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// `POST /emails:send`.
    Send,
    /// `GET /emails/operations/{operationId}`.
    Status,
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked<'a> {
    Send,
    Status(&'a str),
}

impl Operation {
    pub(crate) const ALL: [Self; 2] = [Self::Send, Self::Status];

    /// As in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Status => "status",
        }
    }
}

impl<'a> Asked<'a> {
    /// None if there is no such address, or it does not take this method. An SDK may write two slashes, as the
    /// specification's own example does.
    pub(crate) fn of(request: &'a Request) -> Option<Self> {
        let path = request.path();
        let path = path.strip_prefix('/').filter(|rest| rest.starts_with('/')).unwrap_or(path);
        match (&request.method, path) {
            (&Method::POST, "/emails:send") => Some(Self::Send),
            (&Method::GET, _) => {
                let id = path.strip_prefix(OPERATIONS)?;
                (!id.is_empty() && !id.contains('/')).then_some(Self::Status(id))
            }
            _ => None,
        }
    }

    pub(crate) fn operation(self) -> Operation {
        match self {
            Self::Send => Operation::Send,
            Self::Status(_) => Operation::Status,
        }
    }
}
