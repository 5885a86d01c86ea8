//! What we send.

use crate::{
    answer::{Answer, Verdict},
    destinations::origin,
};
use bytes::Bytes;
use reqwest::{
    Method, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::Serialize;
use std::{fmt, time::Duration};

/// A request. The same bytes go out with each try.
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) repeatable: bool,
    pub(crate) deadline: Option<Duration>,
    pub(crate) verdict: fn(&Answer) -> Verdict,
}

impl Request {
    /// By any method. GET, HEAD, OPTIONS, PUT and DELETE are tried again after a failure, since doing them twice does
    /// the same as once (RFC 9110, 9.2.2); others only where the service has not carried them out for certain, or
    /// after [`Request::repeatable`].
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        let repeatable = method.is_idempotent();
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            repeatable,
            deadline: None,
            verdict: Verdict::by_status,
        }
    }

    /// `GET`.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// `POST`.
    #[must_use]
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// A body of the media type `content_type`.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>, content_type: &'static str) -> Self {
        self.body = body.into();
        self.header(CONTENT_TYPE, HeaderValue::from_static(content_type))
    }

    /// A JSON body.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn json(self, value: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(self.body(serde_json::to_vec(value)?, "application/json"))
    }

    /// One more header, in the place of one of the same name. Mark a secret with [`HeaderValue::set_sensitive`].
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Headers such as those of a trace (`traceparent`, `tracestate`), as names and values; what is no header's name or
    /// value is left out.
    #[must_use]
    pub fn headers<N: AsRef<str>, V: AsRef<str>>(
        mut self,
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        for (name, value) in pairs {
            let name = name.as_ref().parse::<HeaderName>();
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value.as_ref())) {
                self.headers.insert(name, value);
            }
        }
        self
    }

    /// Doing it twice does the same as once, whatever the method says: a question, or something that the service knows
    /// again by a key.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// This call, all tries included, may take no longer; the client's own deadline holds too.
    #[must_use]
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How to tell from an answer whether the service is well, in the place of [`Verdict::by_status`].
    #[must_use]
    pub fn judged_by(mut self, verdict: fn(&Answer) -> Verdict) -> Self {
        self.verdict = verdict;
        self
    }
}

impl fmt::Debug for Request {
    /// Without what may be secret: path, query, headers and body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}, {} bytes", self.method, origin(&self.url), self.body.len())
    }
}
