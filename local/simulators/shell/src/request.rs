//! A request, read whole.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri, request::Parts};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;

use crate::Refusal;

/// A body that has not arrived by then is given up.
const BODY_DEADLINE: Duration = Duration::from_secs(30);

/// A request, with its body.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `POST` and so on.
    pub method: Method,
    /// Path and query.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Request {
    /// Its path, as it came.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Its query without the question mark, or "".
    pub fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }

    /// The first value of a parameter of the query, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query().as_bytes());
        pairs.find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
    }

    /// A header, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) async fn read(
        parts: Parts,
        body: Incoming,
        max_bytes: usize,
    ) -> (Self, Result<(), Refusal>) {
        let Parts { method, uri, headers, .. } = parts;
        let (body, read) = match collected(body, max_bytes).await {
            Ok(body) => (body, Ok(())),
            Err(refusal) => (Bytes::new(), Err(refusal)),
        };
        (Self { method, uri, headers, body }, read)
    }
}

async fn collected(body: Incoming, max_bytes: usize) -> Result<Bytes, Refusal> {
    let body = Limited::new(body, max_bytes).collect();
    match tokio::time::timeout(BODY_DEADLINE, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::BodyTooLarge(max_bytes)),
        Ok(Err(error)) => Err(Refusal::BodyBroken(error.to_string())),
        Err(_) => Err(Refusal::BodyTimeout(BODY_DEADLINE.as_secs())),
    }
}
