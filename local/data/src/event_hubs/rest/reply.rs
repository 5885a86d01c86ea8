//! Answers: `201` without a body, or the service's XML.

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use http_body_util::Full;
use quick_xml::escape::escape;
use uuid::Uuid;

use super::Reply;
use crate::event_hubs::refusal::Refusal;

const XML: HeaderValue = HeaderValue::from_static("application/xml; charset=utf-8");
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
/// Azure's number for throttling, by which clients know it among others of status 503.
const THROTTLED: &str = "SubCode=50002. ";

/// Only a status.
pub(super) fn empty(status: StatusCode) -> Reply {
    let mut reply = Response::new(Full::default());
    *reply.status_mut() = status;
    reply
}

/// JSON.
pub(super) fn json(status: StatusCode, value: &serde_json::Value) -> Reply {
    with_body(status, JSON, value.to_string())
}

/// What the service says when it does not do something.
pub(super) fn refused(refusal: &Refusal) -> Reply {
    let status = status_of(refusal);
    let prefix = if matches!(refusal, Refusal::Busy { .. }) { THROTTLED } else { "" };
    let detail = format!("{prefix}{refusal}. TrackingId:{}", Uuid::new_v4());
    let body = format!(
        "<Error><Code>{}</Code><Detail>{}</Detail></Error>",
        status.as_u16(),
        escape(detail.as_str())
    );
    let mut reply = with_body(status, XML, body);
    match refusal {
        Refusal::Busy { retry_after_s } => {
            reply.headers_mut().insert(RETRY_AFTER, (*retry_after_s).into());
        }
        Refusal::Unauthorized(_) => {
            reply.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        _ => {}
    }
    reply
}

/// The status of a refusal.
pub(super) fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NoHub(_)
        | Refusal::NoPartition { .. }
        | Refusal::NoGroup { .. }
        | Refusal::NoResource(_) => StatusCode::NOT_FOUND,
        Refusal::Malformed(_) => StatusCode::BAD_REQUEST,
        Refusal::Unauthorized(_) => StatusCode::UNAUTHORIZED,
        Refusal::Conflict(_) => StatusCode::CONFLICT,
        Refusal::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::Forbidden => StatusCode::FORBIDDEN,
        Refusal::Busy { .. } | Refusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

pub(super) fn with_body(
    status: StatusCode,
    content_type: HeaderValue,
    body: impl Into<Bytes>,
) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, content_type);
    reply
}
