//! Answers, whole in memory.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde::Serialize;

/// What every answer is.
pub(crate) type Reply = Response<Full<Bytes>>;

/// Returned instead of an answer when the connection is to be closed.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed on purpose")]
pub(crate) struct HangUp;

pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    let text = serde_json::to_vec(value).expect("our own values have text keys and finite numbers");
    of(status, "application/json; charset=utf-8", text)
}

pub(crate) fn of(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    reply
}

/// Sends a browser on after a form.
pub(crate) fn see_other(place: &'static str) -> Reply {
    let mut reply = of(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", "");
    reply.headers_mut().insert(header::LOCATION, HeaderValue::from_static(place));
    reply
}
