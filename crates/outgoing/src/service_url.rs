//! Where a service of our settings is.

use reqwest::Url;
use std::{fmt, str::FromStr};

/// The address of a service that our settings name: `https`, or this machine. Shown whole: it holds no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUrl(Url);

/// Why it is none; reads on from the setting's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceUrlError {
    /// No URL.
    #[error("{0}")]
    NoUrl(String),
    /// What we send would be read on the way.
    #[error("it must use https: plain http is for this machine only")]
    NotHttps,
    /// Secrets do not belong into URLs.
    #[error("it must have no user, query or fragment")]
    NotPlain,
}

impl ServiceUrl {
    /// The whole address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The URL of `path` below it, whether or not it ends in a slash.
    #[must_use]
    pub fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let base = url.path().trim_end_matches('/');
        let path = format!("{base}/{}", path.trim_start_matches('/'));
        url.set_path(&path);
        url
    }
}

impl FromStr for ServiceUrl {
    type Err = ServiceUrlError;

    fn from_str(text: &str) -> Result<Self, ServiceUrlError> {
        let url: Url = text
            .parse()
            .map_err(|error: <Url as FromStr>::Err| ServiceUrlError::NoUrl(error.to_string()))?;
        let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if !(url.scheme() == "https" || url.scheme() == "http" && here) {
            return Err(ServiceUrlError::NotHttps);
        }
        let plain = url.username().is_empty() && url.password().is_none();
        if !plain || url.query().is_some() || url.fragment().is_some() {
            return Err(ServiceUrlError::NotPlain);
        }
        Ok(Self(url))
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn what_we_send_leaves_this_machine_by_https_only() {
        let parse = |text: &str| text.parse::<ServiceUrl>();
        assert_eq!(parse("http://iommi.example/"), Err(ServiceUrlError::NotHttps));
        assert_eq!(parse("ftp://127.0.0.1/"), Err(ServiceUrlError::NotHttps));
        assert_eq!(parse("https://key@a.example/"), Err(ServiceUrlError::NotPlain));
        assert_eq!(parse("https://a.example/?code=1"), Err(ServiceUrlError::NotPlain));
        assert!(matches!(parse("iommi-dev"), Err(ServiceUrlError::NoUrl(_))));
        assert!(parse("http://127.0.0.1:7081/").is_ok());
        assert!(parse("https://a.example/base").is_ok());
    }

    #[test]
    fn a_path_is_found_with_and_without_a_slash_at_the_end() {
        for text in ["https://a.b/base", "https://a.b/base/"] {
            let base: ServiceUrl = text.parse().unwrap();
            assert_eq!(base.at("v1/things").as_str(), "https://a.b/base/v1/things");
        }
        let base: ServiceUrl = "https://a.b".parse().unwrap();
        assert_eq!(base.at("/image:analyze").as_str(), "https://a.b/image:analyze");
    }
}
