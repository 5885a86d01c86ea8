//! Forms that only our own pages can send: a browser sends its cookies along with any site's form, so the cookie
//! alone does not show that the person meant it.

use crate::problems::CROSS_SITE;
use custom_handler::{HeaderMap, Problem, Request, Setting};
use http::Uri;

/// What people call our pages, where the host does not hear of it.
pub(crate) const PAGES_ORIGINS: Setting = Setting::new(
    "PAGES_ORIGINS",
    "where people open the app's pages, if a front door hides it from the app: origins separated by commas",
    "https://pages.example",
);

/// The value of [`PAGES_ORIGINS`].
#[derive(Debug, Default)]
pub(crate) struct Origins(Vec<Place>);

/// It does not hold origins.
#[derive(Debug, thiserror::Error)]
#[error("must be origins such as https://pages.example, separated by commas")]
pub(crate) struct OriginsError;

impl std::str::FromStr for Origins {
    type Err = OriginsError;

    fn from_str(origins: &str) -> Result<Self, Self::Err> {
        let places = origins.split(',').map(|origin| Place::of_origin(origin.trim()));
        places.collect::<Option<_>>().map(Self).ok_or(OriginsError)
    }
}

impl Origins {
    /// See [`FormKey::same_origin`](crate::FormKey::same_origin).
    pub(crate) fn check(&self, request: &Request) -> Result<(), Problem> {
        if self.are_of(request.headers()) {
            return Ok(());
        }
        Err(Problem::of(&CROSS_SITE)
            .detail("send the form from the page of this site, with a browser that says so"))
    }

    fn are_of(&self, headers: &HeaderMap) -> bool {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if headers.contains_key("sec-fetch-site") {
            return matches!(header("sec-fetch-site"), Some("same-origin" | "none"));
        }
        let Some(origin) = header("origin").and_then(Place::of_origin) else { return false };
        let called = called(headers).and_then(|host| Place::of_host(host, origin.default_port));
        called.is_some_and(|called| called == origin) || self.0.contains(&origin)
    }
}

/// Which host the browser called. A proxying host sends its handler's own address as `Host` and says itself, once,
/// what it was called; wherever `Host` is another name, `X-Forwarded-Host` is whatever a client likes.
fn called(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get("host")?.to_str().ok()?;
    let mut forwarded = headers.get_all("x-forwarded-host").iter();
    match (host.starts_with("127.0.0.1:"), forwarded.next(), forwarded.next()) {
        (true, Some(only), None) => only.to_str().ok(),
        _ => Some(host),
    }
}

/// Host and port, with the port that the scheme has unless another one is said.
#[derive(Debug, PartialEq)]
struct Place {
    host: String,
    port: u16,
    default_port: u16,
}

impl Place {
    fn of_origin(origin: &str) -> Option<Self> {
        let uri: Uri = origin.parse().ok()?;
        let default_port = match uri.scheme_str()? {
            "https" => 443,
            "http" => 80,
            _ => return None,
        };
        Self::of_uri(&uri, default_port)
    }

    fn of_host(host: &str, default_port: u16) -> Option<Self> {
        Self::of_uri(&host.parse().ok()?, default_port)
    }

    fn of_uri(uri: &Uri, default_port: u16) -> Option<Self> {
        let authority = uri.authority()?;
        let port = authority.port_u16().unwrap_or(default_port);
        Some(Self { host: authority.host().to_ascii_lowercase(), port, default_port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent_with(origins: &str, pairs: &[(&'static str, &str)]) -> bool {
        let headers =
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let mut all = HeaderMap::new();
        headers.for_each(|(name, value): (http::HeaderName, http::HeaderValue)| {
            all.append(name, value);
        });
        let origins = match origins {
            "" => Origins::default(),
            origins => origins.parse().unwrap(),
        };
        origins.are_of(&all)
    }

    #[test]
    fn the_browser_s_word_decides() {
        for (site, good) in
            [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)]
        {
            let headers = [("sec-fetch-site", site), ("origin", "https://a"), ("host", "a")];
            assert_eq!(sent_with("https://a", &headers), good, "{site}");
        }
    }

    #[test]
    fn without_it_the_origin_must_be_the_host_that_was_called() {
        let from = |origin, host| sent_with("", &[("origin", origin), ("host", host)]);
        assert!(from("https://iommi.example", "iommi.example"));
        assert!(from("https://iommi.example", "IOMMI.example:443"));
        assert!(from("http://127.0.0.1:7071", "127.0.0.1:7071"));
        assert!(!from("http://127.0.0.1:9999", "127.0.0.1:7071"));
        assert!(!from("https://evil.example", "iommi.example"));
        assert!(!from("null", "iommi.example"));
        assert!(!from("https://iommi.example", ""));
        assert!(!sent_with("", &[("host", "iommi.example")]));
    }

    #[test]
    fn what_was_forwarded_counts_only_as_a_proxying_host_says_it() {
        let from = |host, forwarded: &[&str]| {
            let mut headers = vec![("origin", "https://iommi.example"), ("host", host)];
            headers.extend(forwarded.iter().map(|host| ("x-forwarded-host", *host)));
            sent_with("", &headers)
        };
        let own = "127.0.0.1:40001";
        assert!(from(own, &["iommi.example"]));
        assert!(!from(own, &["evil.example"]));
        assert!(!from(own, &["iommi.example, inner"]), "the host says one name");
        assert!(!from(own, &["iommi.example", "evil.example"]));
        // Here nobody set the header but whoever called.
        assert!(!from("iommi-app.example", &["iommi.example"]));
        assert!(from("iommi.example", &["evil.example"]));
    }

    #[test]
    fn behind_a_front_door_the_setting_says_what_people_call() {
        let from = |origin| {
            let inner = [("host", "127.0.0.1:40001"), ("x-forwarded-host", "app.example")];
            let headers = [&[("origin", origin)], inner.as_slice()].concat();
            sent_with("https://pages.example, https://ops.example:8443", &headers)
        };
        assert!(from("https://pages.example") && from("https://ops.example:8443"));
        assert!(from("https://app.example"));
        assert!(!from("https://ops.example") && !from("https://evil.example"));
        assert!("pages.example".parse::<Origins>().is_err());
        assert!("https://a,".parse::<Origins>().is_err());
    }
}
