//! Where a service is and how it lets us in.

use std::net::IpAddr;

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::shared_key::SharedKey;

/// What may stand unescaped in a path segment or a query value (RFC 3986 `unreserved`), besides letters and digits.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How requests are let in.
#[derive(Clone, Debug)]
pub enum Access {
    /// Each request is signed with the account's key.
    Key(SharedKey),
    /// A shared access signature, appended to each query as it is.
    Sas(String),
}

/// A service of a storage account.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Scheme, host and, path-style, account; no slash at the end.
    pub base: String,
    /// Key or signature.
    pub access: Access,
}

impl Endpoint {
    /// Reads `http://127.0.0.1:10001/devstoreaccount1?SIGNATURE`, and nothing but an address of this machine.
    ///
    /// # Errors
    /// Says what is wrong with the address, without the signature.
    pub fn loopback(text: &str) -> Result<Self, String> {
        let uri: Uri = text.parse().map_err(|error| format!("not a URL: {error}"))?;
        if uri.scheme_str() != Some("http") {
            return Err("not http, which is what services on this machine speak".to_owned());
        }
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let is_loopback =
            host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        if !is_loopback {
            return Err("not an address of this machine".to_owned());
        }
        let (base, signature) = text.split_once('?').unwrap_or((text, ""));
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self { base, access: Access::Sas(signature.to_owned()) })
    }

    /// The URL of a path (already escaped, with its slash) and query.
    pub fn url(&self, path: &str, query: &[(&str, String)]) -> String {
        let mut parts: Vec<String> =
            query.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
        if let Access::Sas(sas) = &self.access
            && !sas.is_empty()
        {
            parts.push(sas.clone());
        }
        let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
        format!("{}{path}{query}", self.base)
    }

    /// The path of the base: empty, or `/account` in the path style of the emulators.
    pub fn base_path(&self) -> &str {
        let after_scheme = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        after_scheme.find('/').map_or("", |slash| &after_scheme[slash..])
    }
}

/// A text as one path segment or query value. A space becomes `%20`, which every reader takes for one.
pub fn escape(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_carry_the_signature_behind_their_own_parameters() {
        let access = Access::Sas("sv=1&sig=a%2B".into());
        let endpoint = Endpoint { base: "http://127.0.0.1:1/acc".into(), access };
        assert_eq!(endpoint.url("/q", &[]), "http://127.0.0.1:1/acc/q?sv=1&sig=a%2B");
        assert_eq!(
            endpoint.url("/q", &[("popreceipt", "a+b=".into())]),
            "http://127.0.0.1:1/acc/q?popreceipt=a%2Bb%3D&sv=1&sig=a%2B"
        );
        assert_eq!(endpoint.base_path(), "/acc");
    }

    #[test]
    fn a_loopback_endpoint_is_of_this_machine_only() {
        let endpoint = Endpoint::loopback("http://127.0.0.1:10001/devstoreaccount1?sv=1").unwrap();
        assert_eq!(endpoint.url("/q", &[]), "http://127.0.0.1:10001/devstoreaccount1/q?sv=1");
        let bare = Endpoint::loopback("http://localhost:10001/devstoreaccount1/").unwrap();
        assert_eq!(bare.url("/q", &[]), "http://localhost:10001/devstoreaccount1/q");
        for wrong in ["https://iommi.queue.core.windows.net", "http://10.0.0.1/x", "queue", ""] {
            assert!(Endpoint::loopback(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_account_with_a_host_of_its_own_has_no_base_path() {
        let endpoint = Endpoint {
            base: "https://acc.queue.core.windows.net".into(),
            access: Access::Sas(String::new()),
        };
        assert_eq!(endpoint.base_path(), "");
    }
}
