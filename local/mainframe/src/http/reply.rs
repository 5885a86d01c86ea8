//! Answers.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde::Serialize;

pub(super) type Reply = Response<Full<Bytes>>;

/// Nothing from elsewhere runs or is shown on the page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                                       form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(super) fn json(value: &impl Serialize) -> Reply {
    let text = serde_json::to_vec(value).expect("answers are plain values");
    with(StatusCode::OK, "application/json", text)
}

pub(super) fn html(text: String) -> Reply {
    let mut reply = with(StatusCode::OK, "text/html; charset=utf-8", text);
    let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    reply.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    reply
}

pub(super) fn asset(content_type: &'static str, text: &'static str) -> Reply {
    with(StatusCode::OK, content_type, text)
}

/// RFC 9457.
pub(super) fn problem(status: StatusCode, detail: impl Into<String>) -> Reply {
    #[derive(Serialize)]
    struct Problem {
        title: &'static str,
        status: u16,
        detail: String,
    }
    let title = status.canonical_reason().unwrap_or_default();
    let problem = Problem { title, status: status.as_u16(), detail: detail.into() };
    let text = serde_json::to_vec(&problem).expect("a problem is plain values");
    with(status, "application/problem+json", text)
}

/// Back to the page after an action.
pub(super) fn to_the_page() -> Reply {
    let mut reply = with(StatusCode::SEE_OTHER, "text/plain", "");
    reply.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/"));
    reply
}

fn with(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    reply
}
