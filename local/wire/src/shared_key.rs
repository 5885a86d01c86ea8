//! Signing a storage request with the account's key (REST documentation, "Authorize with Shared Key").

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use http::{HeaderMap, Method, header};
use sha2::Sha256;

/// An account with its key.
#[derive(Clone)]
pub struct SharedKey {
    account: String,
    key: Vec<u8>,
}

impl std::fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedKey").field("account", &self.account).finish_non_exhaustive()
    }
}

impl SharedKey {
    /// `None` when the key is not base64.
    pub fn new(account: &str, key: &str) -> Option<Self> {
        Some(Self { account: account.to_owned(), key: STANDARD.decode(key).ok()? })
    }

    /// The value of `Authorization`. `path` is the escaped path of the URL, `query` its decoded parameters.
    pub fn authorize(
        &self,
        method: &Method,
        path: &str,
        query: &[(&str, String)],
        headers: &HeaderMap,
        content_length: usize,
    ) -> String {
        let text = self.string_to_sign(method, path, query, headers, content_length);
        format!("SharedKey {}:{}", self.account, sign(&self.key, &text))
    }

    fn string_to_sign(
        &self,
        method: &Method,
        path: &str,
        query: &[(&str, String)],
        headers: &HeaderMap,
        content_length: usize,
    ) -> String {
        let standard =
            |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let length = if content_length == 0 { String::new() } else { content_length.to_string() };
        let mut lines = vec![
            method.to_string(),
            standard(header::CONTENT_ENCODING).to_owned(),
            standard(header::CONTENT_LANGUAGE).to_owned(),
            length,
            standard(header::HeaderName::from_static("content-md5")).to_owned(),
            standard(header::CONTENT_TYPE).to_owned(),
            // x-ms-date stands in for the date.
            String::new(),
            standard(header::IF_MODIFIED_SINCE).to_owned(),
            standard(header::IF_MATCH).to_owned(),
            standard(header::IF_NONE_MATCH).to_owned(),
            standard(header::IF_UNMODIFIED_SINCE).to_owned(),
            standard(header::RANGE).to_owned(),
        ];
        let mut own: Vec<String> = headers
            .iter()
            .filter(|(name, _)| name.as_str().starts_with("x-ms-"))
            .map(|(name, value)| format!("{name}:{}", value.to_str().unwrap_or_default()))
            .collect();
        own.sort();
        lines.extend(own);
        lines.push(format!("/{}{path}", self.account));
        let mut parameters: Vec<String> = query
            .iter()
            .map(|(name, value)| format!("{}:{value}", name.to_ascii_lowercase()))
            .collect();
        parameters.sort();
        lines.extend(parameters);
        lines.join("\n")
    }
}

/// HMAC-SHA256 of a text, in base64: the signature of storage and of Cosmos DB alike.
pub fn sign(key: &[u8], text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_that_is_signed_has_every_line_in_its_place() {
        let key = SharedKey::new("devstoreaccount1", "a2V5").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-ms-version", "2021-12-02".parse().unwrap());
        headers.insert("x-ms-date", "Fri, 02 Jan 2026 03:04:05 GMT".parse().unwrap());
        headers.insert("content-type", "application/xml".parse().unwrap());
        let query = [("visibilitytimeout", "600".to_owned()), ("NumOfMessages", "16".to_owned())];
        let text =
            key.string_to_sign(&Method::POST, "/devstoreaccount1/q/messages", &query, &headers, 12);
        let expected = "POST\n\n\n12\n\napplication/xml\n\n\n\n\n\n\n\
            x-ms-date:Fri, 02 Jan 2026 03:04:05 GMT\nx-ms-version:2021-12-02\n\
            /devstoreaccount1/devstoreaccount1/q/messages\nnumofmessages:16\nvisibilitytimeout:600";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_signature_is_hmac_sha256() {
        // RFC 4231, test case 2.
        assert_eq!(
            sign(b"Jefe", "what do ya want for nothing?"),
            "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="
        );
        assert!(SharedKey::new("a", "not base64!").is_none());
    }
}
