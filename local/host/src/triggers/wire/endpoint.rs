//! Where a service is and how it lets us in.

use super::shared_key::SharedKey;
use crate::query::escape;

/// How requests are let in.
#[derive(Clone, Debug)]
pub(crate) enum Access {
    /// Each request is signed with the account's key.
    Key(SharedKey),
    /// A shared access signature, appended to each query as it is.
    Sas(String),
}

/// A service of a storage account.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    /// Scheme, host and, path-style, account; no slash at the end.
    pub(crate) base: String,
    pub(crate) access: Access,
}

impl Endpoint {
    /// The URL of a path (already escaped, with its slash) and query.
    pub(crate) fn url(&self, path: &str, query: &[(&str, String)]) -> String {
        let mut parts: Vec<String> =
            query.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
        if let Access::Sas(sas) = &self.access {
            parts.push(sas.clone());
        }
        let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
        format!("{}{path}{query}", self.base)
    }

    /// The path of the base: empty, or `/account` in the path style of the emulators.
    pub(crate) fn base_path(&self) -> &str {
        let after_scheme = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        after_scheme.find('/').map_or("", |slash| &after_scheme[slash..])
    }
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
    fn an_account_with_a_host_of_its_own_has_no_base_path() {
        let endpoint = Endpoint {
            base: "https://acc.queue.core.windows.net".into(),
            access: Access::Sas(String::new()),
        };
        assert_eq!(endpoint.base_path(), "");
    }
}
