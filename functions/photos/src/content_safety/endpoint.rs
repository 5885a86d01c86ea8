//! Where the service is.

use reqwest::Url;
use std::str::FromStr;

/// The address of a Content Safety resource: `https`, or this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint(Url);

impl Endpoint {
    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    /// The operation that judges a picture.
    pub(super) fn analyze(&self, api_version: &str) -> Url {
        let mut url = self.0.clone();
        let path = format!("{}/contentsafety/image:analyze", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.query_pairs_mut().append_pair("api-version", api_version);
        url
    }
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url: Url = text.parse().map_err(|error| format!("{error}"))?;
        let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if here => Ok(Self(url)),
            _ => Err("it must use https: plain http is for this machine only".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_keys_leave_this_machine_by_https_only() {
        assert!("http://iommi-dev.cognitiveservices.azure.com/".parse::<Endpoint>().is_err());
        assert!("ftp://127.0.0.1/".parse::<Endpoint>().is_err());
        assert!("iommi-dev".parse::<Endpoint>().is_err());
        assert!("http://127.0.0.1:7081/".parse::<Endpoint>().is_ok());
    }

    #[test]
    fn the_operation_is_found_with_and_without_a_slash_at_the_end() {
        let expected = "https://a.b/contentsafety/image:analyze?api-version=2024-09-01";
        for text in ["https://a.b", "https://a.b/"] {
            let endpoint: Endpoint = text.parse().unwrap();
            assert_eq!(endpoint.analyze("2024-09-01").as_str(), expected);
        }
    }
}
