//! What a function answers to an HTTP request.

use std::borrow::Borrow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use crate::outputs::Outputs;
use crate::preconditions::EntityTag;

const PREFERENCE_APPLIED: &str = "preference-applied";

/// An answer: status, headers and body. What cannot be sent (a body that does not serialise, a
/// header value with a line break) turns the answer into a 500 problem when it is sent.
#[derive(Debug, Clone)]
pub struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) outputs: Outputs,
    pub(crate) flaw: Option<String>,
}

impl Response {
    /// An answer of any status, without body.
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            outputs: Outputs::new(),
            flaw: None,
        }
    }

    /// An answer of any status with a JSON body.
    pub fn json(status: StatusCode, value: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::new(status).with_body("application/json", body),
            Err(error) => Self::new(status).flawed(format!("serialising the body: {error}")),
        }
    }

    /// 200 with a JSON body.
    pub fn ok(value: &(impl Serialize + ?Sized)) -> Self {
        Self::json(StatusCode::OK, value)
    }

    /// 201 with a JSON body and the new resource's URI, which may be relative.
    pub fn created(value: &(impl Serialize + ?Sized), location: impl AsRef<str>) -> Self {
        Self::json(StatusCode::CREATED, value).header(LOCATION, location.as_ref())
    }

    /// 202 with a JSON body.
    pub fn accepted(value: &(impl Serialize + ?Sized)) -> Self {
        Self::json(StatusCode::ACCEPTED, value)
    }

    /// 202 with a JSON body that says how the work stands, and the URI, which may be relative, where
    /// a client asks again. [`Response::retry_after`] says when.
    pub fn accepted_at(value: &(impl Serialize + ?Sized), location: impl AsRef<str>) -> Self {
        Self::accepted(value).header(LOCATION, location.as_ref())
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT)
    }

    /// 304. Send it with the headers that the 200 would have: `ETag`, `Cache-Control`.
    pub fn not_modified() -> Self {
        Self::new(StatusCode::NOT_MODIFIED)
    }

    /// 200 with plain text.
    pub fn text(body: impl Into<String>) -> Self {
        Self::new(StatusCode::OK).with_body("text/plain; charset=utf-8", body.into())
    }

    /// 200 with a page.
    pub fn html(body: impl Into<String>) -> Self {
        Self::new(StatusCode::OK).with_body("text/html; charset=utf-8", body.into())
    }

    /// 200 with YAML (RFC 9512).
    pub fn yaml(body: impl Into<String>) -> Self {
        Self::new(StatusCode::OK).with_body("application/yaml", body.into())
    }

    /// 200 with any content.
    pub fn bytes(content_type: &str, body: impl Into<Bytes>) -> Self {
        Self::new(StatusCode::OK).with_body(content_type, body)
    }

    /// The same answer with this content.
    #[must_use]
    pub fn with_body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header(CONTENT_TYPE, content_type)
    }

    /// The same answer with another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets a header, in place of one of that name.
    #[must_use]
    pub fn header<V>(mut self, name: HeaderName, value: V) -> Self
    where
        V: TryInto<HeaderValue, Error: fmt::Display>,
    {
        match value.try_into() {
            Ok(value) => {
                self.headers.insert(name, value);
                self
            }
            Err(error) => self.flawed(format!("header {name}: {error}")),
        }
    }

    /// Sets the `ETag`.
    #[must_use]
    pub fn etag(self, tag: impl Borrow<EntityTag>) -> Self {
        self.header(ETAG, tag.borrow().to_string())
    }

    /// Sets `Cache-Control`, such as `private, max-age=60`.
    #[must_use]
    pub fn cache_control(self, directives: &str) -> Self {
        self.header(CACHE_CONTROL, directives)
    }

    /// Says when to ask again, in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.header(RETRY_AFTER, seconds)
    }

    /// Says which of the client's preferences were honoured (`Preference-Applied`, RFC 7240,
    /// section 3), such as `respond-async` or `wait=10`.
    #[must_use]
    pub fn preference_applied(self, preference: impl fmt::Display) -> Self {
        let applied = match self.headers.get(PREFERENCE_APPLIED).map(HeaderValue::to_str) {
            Some(Ok(others)) => format!("{others}, {preference}"),
            _ => preference.to_string(),
        };
        self.header(HeaderName::from_static(PREFERENCE_APPLIED), applied)
    }

    /// Writes output bindings with the answer. Only a function whose function.json has output
    /// bindings besides `http` can; for others it turns the answer into a 500.
    #[must_use]
    pub fn outputs(mut self, outputs: Outputs) -> Self {
        self.outputs = outputs;
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    fn flawed(mut self, flaw: String) -> Self {
        self.flaw.get_or_insert(flaw);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    #[test]
    fn constructors_set_status_type_and_body() {
        let created = Response::created(&json!({ "id": 7 }), "/v1/things/7")
            .etag(EntityTag::strong("a").unwrap());
        assert_eq!(created.status(), StatusCode::CREATED);
        assert_eq!(created.headers()[CONTENT_TYPE], "application/json");
        assert_eq!(created.headers()[LOCATION], "/v1/things/7");
        assert_eq!(created.headers()[ETAG], "\"a\"");
        assert_eq!(created.body().as_ref(), b"{\"id\":7}");
        assert_eq!(Response::html("<p>").headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(Response::yaml("a: 1").headers()[CONTENT_TYPE], "application/yaml");
        assert_eq!(
            Response::text("a").cache_control("no-store").headers()[CACHE_CONTROL],
            "no-store"
        );
        let empty = Response::no_content();
        assert!(
            empty.status() == StatusCode::NO_CONTENT
                && empty.body().is_empty()
                && empty.headers().is_empty()
        );
        assert_eq!(
            Response::bytes("image/png", vec![1]).with_status(StatusCode::PARTIAL_CONTENT).status(),
            206
        );
    }

    #[test]
    fn work_that_goes_on_is_a_202_that_says_where_and_when_to_ask() {
        let accepted = Response::accepted_at(&json!({ "state": "waiting" }), "/v1/scores/7")
            .retry_after(Duration::from_millis(1500))
            .preference_applied("respond-async")
            .preference_applied("wait=10");
        assert_eq!(accepted.status(), StatusCode::ACCEPTED);
        assert_eq!(accepted.headers()[LOCATION], "/v1/scores/7");
        assert_eq!(accepted.headers()[RETRY_AFTER], "2");
        assert_eq!(accepted.headers()[PREFERENCE_APPLIED], "respond-async, wait=10");
    }

    #[test]
    fn what_cannot_be_sent_is_remembered_as_a_flaw() {
        let broken = Response::text("a").header(LOCATION, "/a\nb");
        assert!(broken.flaw.unwrap().starts_with("header location"));
        let keys_that_are_no_text = std::collections::HashMap::from([((1, 2), 3)]);
        assert!(
            Response::ok(&keys_that_are_no_text).flaw.unwrap().starts_with("serialising the body")
        );
    }
}
