//! A request that cannot be done, and how that is answered.

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use uuid::Uuid;

use super::{code::Code, dates, reply::Reply, xml::Xml};

/// Why a request was not done: an error code, and what else its answer says.
#[derive(Debug, thiserror::Error)]
#[error("{} {}: {}", .0.code.status, .0.code.name, .0.code.message)]
pub(super) struct Failure(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    message: Option<String>,
    details: Vec<(&'static str, String)>,
    headers: HeaderMap,
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self(Box::new(Inner {
            code,
            message: None,
            details: Vec::new(),
            headers: HeaderMap::new(),
        }))
    }
}

impl Failure {
    /// Another message under the same code.
    pub(super) fn saying(mut self, message: impl Into<String>) -> Self {
        self.0.message = Some(message.into());
        self
    }

    /// One more element of the body, such as the parameter that was wrong.
    pub(super) fn detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.details.push((name, value.into()));
        self
    }

    /// One more header.
    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.insert(name, value);
        }
        self
    }

    /// The code, for those who treat one of them differently.
    #[cfg(test)]
    pub(super) fn code(&self) -> Code {
        self.0.code
    }

    /// The answer. HEAD and 304 have no body; the code is in a header too.
    pub(super) fn reply(self, method: &Method, request_id: Uuid, now: Timestamp) -> Reply {
        let status =
            StatusCode::from_u16(self.0.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut reply = Reply::new(status).header("x-ms-error-code", self.0.code.name);
        if *method != Method::HEAD && status != StatusCode::NOT_MODIFIED {
            reply = reply.xml(self.body(request_id, now));
        }
        reply.headers.extend(self.0.headers);
        reply
    }

    fn body(&self, request_id: Uuid, now: Timestamp) -> Xml {
        let Inner { code, message, details, .. } = &*self.0;
        let message = message.as_deref().unwrap_or(code.message);
        let mut xml = Xml::document();
        xml.open("Error");
        xml.text("Code", code.name);
        xml.text(
            "Message",
            &format!("{message}\nRequestId:{request_id}\nTime:{}", dates::iso_ticks(now)),
        );
        for (name, value) in details {
            xml.text(name, value);
        }
        xml.close("Error");
        xml
    }
}

/// 400: this header's value cannot be used.
pub(super) fn invalid_header(name: &'static str, value: &str) -> Failure {
    Failure::from(super::code::INVALID_HEADER_VALUE)
        .detail("HeaderName", name)
        .detail("HeaderValue", value)
}

/// 400: this header is missing.
pub(super) fn missing_header(name: &'static str) -> Failure {
    Failure::from(super::code::MISSING_REQUIRED_HEADER).detail("HeaderName", name)
}

/// 400: this query parameter's value cannot be used.
pub(super) fn invalid_parameter(name: &'static str, value: &str, reason: &str) -> Failure {
    Failure::from(super::code::INVALID_QUERY_PARAMETER_VALUE)
        .detail("QueryParameterName", name)
        .detail("QueryParameterValue", value)
        .detail("Reason", reason)
}

/// 501: Azure does this, we do not.
pub(super) fn not_implemented(operation: &str) -> Failure {
    Failure::from(super::code::NOT_IMPLEMENTED)
        .saying(format!(
            "The local storage service does not do \"{operation}\". What it does is listed in local/data/README.md; \
             point the setting at Azurite or Azure for the rest."
        ))
        .detail("Operation", operation)
}

/// 403: the signature or its frame is wrong; the detail says how.
pub(super) fn unauthenticated(detail: impl Into<String>) -> Failure {
    Failure::from(super::code::AUTHENTICATION_FAILED).detail("AuthenticationErrorDetail", detail)
}

/// 500: our fault; the cause is logged, not told.
pub(super) fn internal(doing: &str, error: &dyn std::fmt::Display) -> Failure {
    tracing::error!(%error, "{doing}");
    super::code::INTERNAL_ERROR.into()
}

/// The challenge that goes with 401.
pub(super) const CHALLENGE: (HeaderName, &str) = (
    header::WWW_AUTHENTICATE,
    "Bearer authorization_uri=https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/authorize resource_id=https://storage.azure.com",
);
