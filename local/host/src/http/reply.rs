//! Answers that the host gives itself.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Empty, Full, combinators::UnsyncBoxBody};
use serde::Serialize;

use crate::handler::BoxError;

/// The body of any answer to a client.
pub(crate) type ReplyBody = UnsyncBoxBody<Bytes, BoxError>;

/// A status and nothing else: what the real host answers in most of its own cases.
pub(crate) fn empty(status: StatusCode) -> Response<ReplyBody> {
    with(status, Empty::new().map_err(|never| match never {}).boxed_unsync())
}

pub(crate) fn text(status: StatusCode, text: impl Into<Bytes>) -> Response<ReplyBody> {
    typed(status, "text/plain; charset=utf-8", text)
}

pub(crate) fn html(status: StatusCode, text: impl Into<Bytes>) -> Response<ReplyBody> {
    typed(status, "text/html; charset=utf-8", text)
}

pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response<ReplyBody> {
    match serde_json::to_vec(value) {
        Ok(body) => typed(status, "application/json; charset=utf-8", body),
        Err(error) => {
            text(StatusCode::INTERNAL_SERVER_ERROR, format!("writing the answer as JSON: {error}"))
        }
    }
}

pub(crate) fn bytes(status: StatusCode, body: impl Into<Bytes>) -> Response<ReplyBody> {
    with(status, Full::new(body.into()).map_err(|never| match never {}).boxed_unsync())
}

fn typed(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<ReplyBody> {
    let mut response = bytes(status, body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn with(status: StatusCode, body: ReplyBody) -> Response<ReplyBody> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}
