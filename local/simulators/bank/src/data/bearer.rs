//! Tokens, as they are shown (RFC 6750), and what they do not open.

use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::json;
use simulator_shell::{Reply, Request, reply};

use crate::oauth::{Consent, NoAccess};

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// No token, or one that is good for nothing.
    InvalidToken,
    ConsentGone,
    /// The consent is not about this.
    InsufficientScope,
    /// Asked too often today; when it is possible again, in seconds.
    QuotaExceeded(i64),
    NoAccount,
    InvalidRequest(&'static str),
    /// What the bank grants cannot be kept.
    Broken,
}

impl From<NoAccess> for Denied {
    fn from(no: NoAccess) -> Self {
        match no {
            NoAccess::InvalidToken => Self::InvalidToken,
            NoAccess::ConsentGone => Self::ConsentGone,
        }
    }
}

impl From<Denied> for Reply {
    fn from(denied: Denied) -> Self {
        let (status, error) = match denied {
            Denied::InvalidToken => (StatusCode::UNAUTHORIZED, "invalid_token"),
            Denied::ConsentGone => (StatusCode::FORBIDDEN, "consent_gone"),
            Denied::InsufficientScope => (StatusCode::FORBIDDEN, "insufficient_scope"),
            Denied::QuotaExceeded(_) => (StatusCode::TOO_MANY_REQUESTS, "quota_exceeded"),
            Denied::NoAccount => (StatusCode::NOT_FOUND, "no_account"),
            Denied::InvalidRequest(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
            Denied::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        };
        let body = match denied {
            Denied::InvalidRequest(why) => json!({"error": error, "error_description": why}),
            _ => json!({"error": error}),
        };
        let mut reply = reply::json(status, &body);
        let headers = reply.headers_mut();
        match denied {
            Denied::InvalidToken => {
                let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                headers.insert(WWW_AUTHENTICATE, challenge);
            }
            Denied::InsufficientScope => {
                let challenge = HeaderValue::from_static("Bearer error=\"insufficient_scope\"");
                headers.insert(WWW_AUTHENTICATE, challenge);
            }
            Denied::QuotaExceeded(seconds) => {
                headers.insert("retry-after", seconds.into());
            }
            _ => {}
        }
        reply
    }
}

/// The token of a request.
pub(crate) fn shown(request: &Request) -> Result<&str, Denied> {
    let header = request.header("authorization").and_then(|header| header.split_once(' '));
    match header {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Denied::InvalidToken),
    }
}

impl Consent {
    pub(crate) fn covers(&self, scope: &str) -> Result<(), Denied> {
        let is_in = self.scope.split(' ').any(|granted| granted == scope);
        if is_in { Ok(()) } else { Err(Denied::InsufficientScope) }
    }
}
