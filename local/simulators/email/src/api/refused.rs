//! How the service says no: `{"error": {"code", "message"}}`, and the code in `x-ms-error-code`.

use http::HeaderValue;
use serde_json::json;
use simulator_shell::{Reply, StatusCode, reply};

use crate::store::NotStored;

/// Why something is not done.
#[derive(Debug)]
pub(crate) enum Refused {
    Denied(String),
    /// The request, and what is wrong with it.
    Invalid(String),
    TooLarge(String),
    Timeout(String),
    NoOperation,
    /// The domain of the sender is not ours.
    DomainNotLinked,
    /// Too much; when to come again, in seconds.
    Busy(u64),
    BusyWithoutHint,
    Unavailable(StatusCode, String),
}

impl Refused {
    pub(crate) fn invalid(why: impl Into<String>) -> Self {
        Self::Invalid(why.into())
    }
}

impl From<NotStored> for Refused {
    fn from(error: NotStored) -> Self {
        tracing::error!(%error, "the mail service could not keep something");
        Self::Unavailable(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl From<Refused> for Reply {
    fn from(refused: Refused) -> Self {
        let busy = || "The request rate is too high.".to_owned();
        let (status, code, message) = match &refused {
            Refused::Denied(why) => (StatusCode::UNAUTHORIZED, "Denied", why.clone()),
            Refused::Invalid(why) => (StatusCode::BAD_REQUEST, "BadRequest", why.clone()),
            Refused::TooLarge(why) => {
                (StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", why.clone())
            }
            Refused::Timeout(why) => (StatusCode::REQUEST_TIMEOUT, "RequestTimeout", why.clone()),
            Refused::NoOperation => {
                (StatusCode::NOT_FOUND, "NotFound", "There is no such operation.".to_owned())
            }
            Refused::DomainNotLinked => {
                let message = "The specified sender domain has not been linked.".to_owned();
                (StatusCode::NOT_FOUND, "DomainNotLinked", message)
            }
            Refused::Busy(_) | Refused::BusyWithoutHint => {
                (StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", busy())
            }
            Refused::Unavailable(status, why) => (*status, "InternalServerError", why.clone()),
        };
        let mut reply = error(status, code, &message);
        if let Refused::Busy(seconds) = refused {
            reply.headers_mut().insert("retry-after", seconds.into());
        }
        reply
    }
}

fn error(status: StatusCode, code: &'static str, message: &str) -> Reply {
    let mut reply = reply::json(status, &json!({"error": {"code": code, "message": message}}));
    reply.headers_mut().insert("x-ms-error-code", HeaderValue::from_static(code));
    reply
}

pub(crate) fn not_here() -> Reply {
    let message = "there is POST /emails:send, GET /emails/operations/{operationId}, GET /mails/{number} and what the \
                   README lists below /v1/simulation, /, /faults, /log and /health";
    error(StatusCode::NOT_FOUND, "NotFound", message)
}
