//! Errors as OAuth tells them: `{"error", "error_description"}`.

use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::json;
use simulator_shell::{Reply, reply};

use super::NotStored;

/// A request that is refused, with a code of the RFCs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) error: &'static str,
    pub(crate) description: String,
}

impl Refused {
    pub(crate) fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: description.into() }
    }

    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    pub(crate) fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(crate) fn invalid_client() -> Self {
        let description = "the client shows its id and secret in Authorization: Basic";
        let status = StatusCode::UNAUTHORIZED;
        Self { status, ..Self::new("invalid_client", description) }
    }
}

impl From<NotStored> for Refused {
    fn from(error: NotStored) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self { status, ..Self::new("server_error", error.to_string()) }
    }
}

impl From<Refused> for Reply {
    fn from(refused: Refused) -> Self {
        let body = json!({"error": refused.error, "error_description": refused.description});
        let mut reply = reply::json(refused.status, &body);
        if refused.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"bank\", charset=\"UTF-8\"");
            reply.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        reply
    }
}
