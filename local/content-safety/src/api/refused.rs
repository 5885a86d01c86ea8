//! Errors of the API: `{"error":{"code","message"}}` and the header `x-ms-error-code`.

use crate::{reply, reply::Reply};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// A request that is not answered with a verdict. The codes are the published ones where there are such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
    retry_after_seconds: Option<u64>,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after_seconds: None }
    }

    /// 400: what was sent is not what the API asks for.
    pub(crate) fn body(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidRequestBody", message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "404", "there is no such resource")
    }

    pub(crate) fn internal_error() -> Self {
        let message = "a simulated error of the service";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", message)
    }

    pub(crate) fn server_busy() -> Self {
        let message = "the service is busy, as it was told to be";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServerBusy", message)
    }

    pub(crate) fn too_many_requests(retry_after_seconds: Option<u64>) -> Self {
        let message = "the requests exceed the rate of this resource, as it was told to say";
        let refused = Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message);
        Self { retry_after_seconds, ..refused }
    }
}

impl From<Refused> for Reply {
    fn from(refused: Refused) -> Self {
        let body = json!({"error": {"code": refused.code, "message": refused.message}});
        let mut reply = reply::json(refused.status, &body);
        let headers = reply.headers_mut();
        headers.insert("x-ms-error-code", HeaderValue::from_static(refused.code));
        if let Some(seconds) = refused.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        reply
    }
}
