//! A request and its reply, whole in memory: Cosmos DB limits both to a few MiB.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use http_body_util::Full;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// A request as it came, less the trailing slash.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// Percent-encoded, without the slash at its end.
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Call {
    /// A request of the adapter's own to `segments`, which are the parts of a path before encoding.
    pub(super) fn to(method: Method, segments: &[&str]) -> Self {
        let encoded: Vec<String> = segments
            .iter()
            .map(|segment| utf8_percent_encode(segment, NON_ALPHANUMERIC).to_string())
            .collect();
        Self { method, path: encoded.join("/"), headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// The same with one more header; a value that cannot be one is left out.
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a header; a value that cannot be one takes it away.
    pub(super) fn set(&mut self, name: &'static str, value: &str) {
        match ascii_header(value) {
            Some(value) => self.headers.insert(HeaderName::from_static(name), value),
            None => self.headers.remove(name),
        };
    }

    /// Whether the client wants a written document back. Without a word about it, it does.
    pub(super) fn wants_content(&self) -> bool {
        match self.header("x-ms-cosmos-populate-content-response-on-write") {
            Some(wants) => wants.eq_ignore_ascii_case("true"),
            None => !self.header("prefer").is_some_and(|prefer| prefer.contains("return=minimal")),
        }
    }

    /// The header's text, if it has that header and it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        // Node sends a continuation with a Unicode id as raw UTF-8, which `to_str` would refuse.
        self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// Boxed, since replies also travel as the errors of functions that refuse something.
    pub(super) headers: Box<HeaderMap>,
    pub(super) body: Bytes,
}

impl Reply {
    /// A reply with a JSON body.
    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self { status, headers: Box::new(headers), body: body.to_string().into() }
    }

    /// An error as Cosmos DB words them: `{"code": …, "message": …}`.
    pub(super) fn error(status: StatusCode, code: &str, message: &str) -> Self {
        Self::json(status, &json!({ "code": code, "message": message }))
    }

    /// The same with one more header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<HeaderValue>) -> Self {
        self.headers.insert(HeaderName::from_static(name), value.into());
        self
    }

    /// The header's text, if it has that header and it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl From<Reply> for Response<Full<Bytes>> {
    fn from(reply: Reply) -> Self {
        let mut response = Response::new(Full::new(reply.body));
        *response.status_mut() = reply.status;
        *response.headers_mut() = *reply.headers;
        response
    }
}

/// The body of a reply that lists documents: their texts as they are, in the container with this resource id.
pub(super) fn listed(documents: &[Bytes], rid: &str) -> Bytes {
    let (rid, count) = (json!(rid), documents.len());
    let end = format!(r#"],"_rid":{rid},"_count":{count}}}"#);
    [br#"{"Documents":["#, documents.join(&b","[..]).as_slice(), end.as_bytes()].concat().into()
}

/// A header value in plain ASCII. Ids may hold any character, and the emulator's tokens, which are JSON, hold
/// ids: what is not ASCII is written as JSON escapes it, so that it reads back as the same token.
pub(super) fn ascii_header(value: &str) -> Option<HeaderValue> {
    const DELETE: char = '\u{7f}';
    if value.chars().all(|c| c.is_ascii() && c != DELETE) {
        return HeaderValue::from_str(value).ok();
    }
    let mut escaped = String::with_capacity(value.len() * 2);
    let mut units = [0; 2];
    for c in value.chars() {
        if c.is_ascii() && c != DELETE {
            escaped.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    HeaderValue::from_str(&escaped).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_with_a_unicode_id_travels_as_ascii_and_reads_back() {
        let token = json!({ "id": "straße 🌉" }).to_string();
        let header = ascii_header(&token).unwrap();
        let read: serde_json::Value = serde_json::from_slice(header.as_bytes()).unwrap();
        assert!(header.as_bytes().is_ascii());
        assert_eq!(read, json!({ "id": "straße 🌉" }));
    }
}
