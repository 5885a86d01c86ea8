//! Errors of the API: `{"error":{"code","message"}}` and the header `x-ms-error-code`.

use http::{HeaderValue, StatusCode};
use serde_json::json;
use simulator_shell::{Refusal, Reply, reply};

/// A request that is not answered with a verdict. The codes are the published ones where there are such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// 400: what was sent is not what the API asks for.
    pub(crate) fn body(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidRequestBody", message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "404", "there is no such resource")
    }

    /// A request that a fault strikes, or whose body could not be read.
    pub(crate) fn of_the_shell(refusal: &Refusal) -> Self {
        let code = match refusal {
            Refusal::InternalError => "InternalError",
            Refusal::ServerBusy => "ServerBusy",
            Refusal::TooManyRequests { .. } => "TooManyRequests",
            Refusal::BodyTooLarge(_) | Refusal::BodyBroken(_) => "InvalidRequestBody",
            Refusal::BodyTimeout(_) => "RequestTimeout",
        };
        Self::new(refusal.status(), code, refusal.message())
    }
}

impl From<Refused> for Reply {
    fn from(refused: Refused) -> Self {
        let body = json!({"error": {"code": refused.code, "message": refused.message}});
        let mut reply = reply::json(refused.status, &body);
        reply.headers_mut().insert("x-ms-error-code", HeaderValue::from_static(refused.code));
        reply
    }
}
