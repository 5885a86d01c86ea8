//! Where the event hubs are.

use custom_handler::Setting;
use outgoing::{ServiceUrl, Url};
use std::str::FromStr;

/// The same name as the connection `EVENT_HUBS` of triggers has, so that both are one namespace.
pub(crate) const NAMESPACE: Setting = Setting::new(
    "EVENT_HUBS__fullyQualifiedNamespace",
    "the host of the Event Hubs namespace; one on this machine has its port with it",
    "iommi-dev.servicebus.windows.net",
);

/// A namespace of Event Hubs: `https`, or this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Namespace(pub(crate) ServiceUrl);

impl FromStr for Namespace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_host = !text.is_empty() && !text.contains(['/', '?', '#', '@', ' ']);
        if !is_host {
            return Err("it must be a host, without scheme and path".to_owned());
        }
        let here = |url: &Url| matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let plain = format!("http://{text}/").parse::<Url>().map_err(|error| error.to_string())?;
        let scheme = if here(&plain) { "http" } else { "https" };
        let url = format!("{scheme}://{text}/").parse::<ServiceUrl>();
        url.map(Self).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn only_a_namespace_on_this_machine_is_asked_without_encryption() {
        let url = |text: &str| text.parse::<Namespace>().map(|found| found.0.to_string());
        assert_eq!(
            url("iommi.servicebus.windows.net"),
            Ok("https://iommi.servicebus.windows.net/".into())
        );
        assert_eq!(url("127.0.0.1:5300"), Ok("http://127.0.0.1:5300/".into()));
        assert_eq!(url("127.0.0.1.example:80"), Ok("https://127.0.0.1.example:80/".into()));
        for no_host in ["", "https://iommi.servicebus.windows.net", "iommi/hub", "user@iommi"] {
            assert!(url(no_host).is_err(), "{no_host}");
        }
        assert_eq!(NAMESPACE.example.parse::<Namespace>().map(drop), Ok(()));
    }
}
