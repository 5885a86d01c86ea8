//! Answers: whole in memory, or as they come.

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Frame;
use serde::Serialize;

/// What every answer is.
pub type Reply = Response<Body>;

/// An answer's body.
pub type Body = UnsyncBoxBody<Bytes, HangUp>;

/// Returned instead of an answer, or within its body, when the connection is to be closed.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed on purpose")]
pub struct HangUp;

/// Why a request is not answered by the API itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 500, by a fault.
    InternalError,
    /// 503, by a fault.
    ServerBusy,
    /// 429, by a fault.
    TooManyRequests {
        /// For the header `Retry-After`, in seconds.
        retry_after_seconds: Option<u64>,
    },
    /// 413: the body is larger than so many bytes.
    BodyTooLarge(usize),
    /// 400: the body broke off; why.
    BodyBroken(String),
    /// 408: the body did not arrive within so many seconds.
    BodyTimeout(u64),
}

impl Refusal {
    /// Its status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::ServerBusy => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyBroken(_) => StatusCode::BAD_REQUEST,
            Self::BodyTimeout(_) => StatusCode::REQUEST_TIMEOUT,
        }
    }

    /// What it says.
    pub fn message(&self) -> String {
        match self {
            Self::InternalError => "a simulated error of the service".to_owned(),
            Self::ServerBusy => "the service is busy, as it was told to be".to_owned(),
            Self::TooManyRequests { .. } => {
                "the requests exceed the rate of this resource, as it was told to say".to_owned()
            }
            Self::BodyTooLarge(bytes) => format!("the body is larger than {bytes} bytes"),
            Self::BodyBroken(why) => format!("reading the body: {why}"),
            Self::BodyTimeout(seconds) => format!("the body did not arrive in {seconds} s"),
        }
    }

    /// It as a problem document.
    pub fn problem(&self) -> Reply {
        self.with_retry_after(problem(self.status(), self.message()))
    }

    /// Adds `Retry-After` to an answer, where there is one to add.
    pub fn with_retry_after(&self, mut reply: Reply) -> Reply {
        if let Self::TooManyRequests { retry_after_seconds: Some(seconds) } = self {
            reply.headers_mut().insert(header::RETRY_AFTER, (*seconds).into());
        }
        reply
    }
}

/// A value as JSON.
pub fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    let text = serde_json::to_vec(value).expect("our own values have text keys and finite numbers");
    with(status, "application/json; charset=utf-8", text)
}

/// A problem document (RFC 9457).
pub fn problem(status: StatusCode, detail: impl Into<String>) -> Reply {
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

/// Sends a browser on after a form.
pub fn see_other(place: &'static str) -> Reply {
    let mut reply = with(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", "");
    reply.headers_mut().insert(header::LOCATION, HeaderValue::from_static(place));
    reply
}

/// Any body.
pub fn with(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
    built(
        status,
        content_type,
        Full::new(body.into()).map_err(|never| match never {}).boxed_unsync(),
    )
}

/// A body as it comes: slow, without an end, or, where an item is an error, cut off there.
pub fn streamed(
    status: StatusCode,
    content_type: &'static str,
    chunks: impl Stream<Item = Result<Bytes, HangUp>> + Send + 'static,
) -> Reply {
    let frames = chunks.then(|chunk| async {
        if chunk.is_err() {
            // What came before goes onto the wire first.
            tokio::task::yield_now().await;
        }
        chunk.map(Frame::data)
    });
    built(status, content_type, StreamBody::new(frames).boxed_unsync())
}

fn built(status: StatusCode, content_type: &'static str, body: Body) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    reply
}
