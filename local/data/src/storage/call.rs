//! A request, read as far as both services read it alike.

use http::{Extensions, HeaderMap, Method, Uri, request::Parts};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    code, dates,
    failure::{Failure, invalid_header},
    query::{Query, decode},
    reply::Reply,
};
use crate::ACCOUNT;

/// The protocol version that is answered with when the client names none.
const DEFAULT_VERSION: &str = "2025-11-05";
/// Characters of a client's own request id, at most.
const MAX_CLIENT_REQUEST_ID: usize = 1024;

/// A request without its body.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// As it came, still percent-encoded.
    pub(super) raw_path: String,
    /// What follows `/devstoreaccount1/`, still percent-encoded: `queue/messages/id`, `container/blob%2Fname`.
    pub(super) resource: String,
    pub(super) query: Query,
    pub(super) headers: HeaderMap,
    /// Among them, how the client spelled its headers.
    pub(super) extensions: Extensions,
    pub(super) now: Timestamp,
    pub(super) request_id: Uuid,
}

impl Call {
    /// Reads the head of a request.
    pub(super) fn new(parts: Parts, now: Timestamp) -> Result<Self, Failure> {
        let raw_path = parts.uri.path().to_owned();
        let (account, resource) = raw_path
            .trim_start_matches('/')
            .split_once('/')
            .unwrap_or((raw_path.trim_start_matches('/'), ""));
        if account != ACCOUNT {
            let message = format!(
                "The local storage service has one account, {ACCOUNT}, named first in the path."
            );
            return Err(Failure::from(code::ACCOUNT_UNKNOWN).saying(message));
        }
        let resource = resource.to_owned();
        let query = Query::parse(query_of(&parts.uri))?;
        let call = Self {
            method: parts.method,
            raw_path,
            resource,
            query,
            headers: parts.headers,
            extensions: parts.extensions,
            now,
            request_id: Uuid::new_v4(),
        };
        match call.header("x-ms-version") {
            Some(version) if version.parse::<jiff::civil::Date>().is_err() => {
                Err(invalid_header("x-ms-version", version))
            }
            _ => Ok(call),
        }
    }

    /// The header's text, if it has that header and it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    /// The protocol version the client speaks.
    pub(super) fn version(&self) -> &str {
        self.header("x-ms-version").unwrap_or(DEFAULT_VERSION)
    }

    /// The first segment of the resource and what follows it, decoded.
    pub(super) fn segments(&self) -> Result<(String, Option<String>), Failure> {
        match self.resource.split_once('/') {
            Some((first, "")) => Ok((decode(first)?, None)),
            Some((first, rest)) => Ok((decode(first)?, Some(decode(rest)?))),
            None => Ok((decode(&self.resource)?, None)),
        }
    }

    /// A header with an HTTP date.
    pub(super) fn date(&self, name: &'static str) -> Result<Option<Timestamp>, Failure> {
        let Some(text) = self.header(name) else { return Ok(None) };
        dates::parse_http(text).map(Some).ok_or_else(|| invalid_header(name, text))
    }

    /// The length the client announced.
    pub(super) fn content_length(&self) -> Result<Option<u64>, Failure> {
        let Some(text) = self.header("content-length") else { return Ok(None) };
        text.parse().map(Some).map_err(|_| invalid_header("Content-Length", text))
    }

    /// Adds what every answer carries.
    pub(super) fn finish(&self, reply: Reply) -> Reply {
        let client_request_id =
            self.header("x-ms-client-request-id").filter(|id| id.len() <= MAX_CLIENT_REQUEST_ID);
        reply
            .header("x-ms-request-id", self.request_id.to_string())
            .header("x-ms-version", self.version())
            .header("date", dates::http(self.now))
            .header_if("x-ms-client-request-id", client_request_id)
    }
}

fn query_of(uri: &Uri) -> &str {
    uri.query().unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A call as a test writes it: method, path with query, headers.
    pub(in super::super) fn call(method: &str, uri: &str, headers: &[(&str, &str)]) -> Call {
        let mut request = http::Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Call::new(parts, "2026-11-21T08:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn escaped_slashes_belong_to_the_blob_s_name() {
        let call = call("GET", "/devstoreaccount1/photos/dir%2Fa%20b/c.txt?comp=tags", &[]);
        assert_eq!(
            call.segments().unwrap(),
            ("photos".to_owned(), Some("dir/a b/c.txt".to_owned()))
        );
    }

    #[test]
    fn another_account_is_not_here() {
        let (parts, ()) = http::Request::get("/other/photos").body(()).unwrap().into_parts();
        assert_eq!(
            Call::new(parts, Timestamp::UNIX_EPOCH).unwrap_err().code(),
            code::ACCOUNT_UNKNOWN
        );
    }
}
