//! What requests to Blob and Queue have in common.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header};
use http_body_util::Full;
use jiff::{Timestamp, fmt::rfc2822};

use crate::{
    client::{HttpClient, WireError},
    endpoint::{Access, Endpoint},
};

/// The version of the REST protocol that is spoken.
const VERSION: &str = "2021-12-02";

/// A request to a storage service.
pub struct Call<'a> {
    /// What it is, for errors: `receiving messages from queue orders`.
    pub operation: &'a str,
    /// `GET`, `PUT` and so on.
    pub method: Method,
    /// Escaped, with its slash, without the account of the path style.
    pub path: &'a str,
    /// Its parameters, not escaped.
    pub query: &'a [(&'a str, String)],
    /// Headers besides version, date and authorization.
    pub headers: &'a [(&'static str, String)],
    /// Its body, sent whole.
    pub body: Bytes,
}

/// A service of a storage account, and the client to reach it.
#[derive(Clone, Debug)]
pub struct Storage {
    endpoint: Endpoint,
    client: Arc<HttpClient>,
}

impl Storage {
    /// The service at `endpoint`.
    pub fn new(endpoint: Endpoint, client: Arc<HttpClient>) -> Self {
        Self { endpoint, client }
    }

    /// The URL of a path, without any signature.
    pub fn public_url(&self, path: &str) -> String {
        format!("{}{path}", self.endpoint.base)
    }

    /// Sends a request; any status but 2xx is an error with the service's code.
    pub async fn call(&self, call: Call<'_>) -> Result<Response<Bytes>, WireError> {
        let request = self.request(&call)?;
        let response = self.client.send(call.operation, request).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let named = response.headers().get("x-ms-error-code").and_then(|code| code.to_str().ok());
        let code = named.unwrap_or("without an error code").to_owned();
        let status = response.status().as_u16();
        Err(WireError::Refused { operation: call.operation.to_owned(), status, code })
    }

    fn request(&self, call: &Call<'_>) -> Result<Request<Full<Bytes>>, WireError> {
        let invalid = |error: &dyn std::error::Error| WireError::unreadable(call.operation, error);
        let mut headers = HeaderMap::new();
        let own = [("x-ms-version", VERSION.to_owned()), ("x-ms-date", rfc1123(Timestamp::now()))];
        for (name, value) in own.iter().chain(call.headers) {
            let value = HeaderValue::from_str(value).map_err(|error| invalid(&error))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        if let Access::Key(key) = &self.endpoint.access {
            let path = format!("{}{}", self.endpoint.base_path(), call.path);
            let signed = key.authorize(&call.method, &path, call.query, &headers, call.body.len());
            headers.insert(
                header::AUTHORIZATION,
                HeaderValue::from_str(&signed).map_err(|error| invalid(&error))?,
            );
        }
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(self.endpoint.url(call.path, call.query));
        if let Some(built) = request.headers_mut() {
            built.extend(headers);
        }
        request.body(Full::new(call.body.clone())).map_err(|error| invalid(&error))
    }
}

/// `Fri, 02 Jan 2026 03:04:05 GMT`, the form of dates in headers and XML.
pub fn rfc1123(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads the form of [`rfc1123`].
pub fn parse_rfc1123(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_both_ways() {
        let moment: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        assert_eq!(rfc1123(moment), "Fri, 02 Jan 2026 03:04:05 GMT");
        assert_eq!(parse_rfc1123("Fri, 02 Jan 2026 03:04:05 GMT"), Some(moment));
        assert_eq!(parse_rfc1123("yesterday"), None);
    }
}
