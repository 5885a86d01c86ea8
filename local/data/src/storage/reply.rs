//! An answer under construction.

use bytes::Bytes;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};

use super::xml::Xml;
use crate::listen::ReplyBody;

/// Status, headers and body of an answer.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// How headers are to be spelled, if it matters.
    pub(super) extensions: Extensions,
    pub(super) body: ReplyBody,
}

impl Reply {
    /// An answer without a body.
    pub(super) fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            extensions: Extensions::new(),
            body: full(Bytes::new()),
        }
    }

    /// The same with one more header. A value that no header can carry is left out.
    pub(super) fn header(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.set(HeaderName::from_static(name), value.as_ref());
        self
    }

    /// The same with a header if there is a value for it.
    pub(super) fn header_if(self, name: &'static str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }

    /// Sets a header. Values outside ASCII travel as UTF-8, as Azure sends them.
    pub(super) fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            self.headers.insert(name, value);
        }
    }

    /// The same with this document as the body.
    pub(super) fn xml(mut self, document: Xml) -> Self {
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        self.body = full(document.finish());
        self
    }

    /// The same with this body.
    pub(super) fn body(mut self, body: ReplyBody) -> Self {
        self.body = body;
        self
    }
}

impl From<Reply> for Response<ReplyBody> {
    fn from(reply: Reply) -> Self {
        let mut response = Response::new(reply.body);
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        *response.extensions_mut() = reply.extensions;
        response
    }
}

fn full(bytes: impl Into<Bytes>) -> ReplyBody {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed()
}
