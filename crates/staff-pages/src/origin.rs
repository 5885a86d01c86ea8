//! Forms that only our own pages can send: a browser sends its cookies along with any site's form, so the cookie
//! alone does not show that the person meant it.

use crate::problems::CROSS_SITE;
use custom_handler::{HeaderMap, Problem, Request};
use http::Uri;

/// Whether the browser says that the form came from our own site: by `Sec-Fetch-Site`, which every current
/// browser sends, or else by an `Origin` that is the host we were called by.
///
/// # Errors
/// 403 `cross-site`, also if the request says neither.
pub fn same_origin(request: &Request) -> Result<(), Problem> {
    if is_same_origin(request.headers()) {
        return Ok(());
    }
    Err(Problem::of(&CROSS_SITE)
        .detail("send the form from the page of this site, with a browser that says so"))
}

fn is_same_origin(headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if headers.contains_key("sec-fetch-site") {
        return matches!(header("sec-fetch-site"), Some("same-origin" | "none"));
    }
    let Some(origin) = header("origin").and_then(Place::of_origin) else { return false };
    // Behind a gateway `Host` is the handler's own; what the browser called was forwarded, the first of a list.
    let forwarded = header("x-forwarded-host").and_then(|hosts| hosts.split(',').next());
    let called = [header("host"), forwarded].into_iter().flatten();
    called
        .filter_map(|host| Place::of_host(host.trim(), origin.default_port))
        .any(|one| one == origin)
}

/// Host and port, with the port that the scheme has unless another one is said.
#[derive(PartialEq)]
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

    fn sent_with(pairs: &[(&'static str, &str)]) -> bool {
        let headers =
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        is_same_origin(&headers.collect())
    }

    #[test]
    fn the_browser_s_word_decides() {
        for (site, good) in
            [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)]
        {
            let headers = [("sec-fetch-site", site), ("origin", "https://a"), ("host", "a")];
            assert_eq!(sent_with(&headers), good, "{site}");
        }
    }

    #[test]
    fn without_it_the_origin_must_be_the_host_that_was_called() {
        let from = |origin, host| sent_with(&[("origin", origin), ("host", host)]);
        assert!(from("https://iommi.example", "iommi.example"));
        assert!(from("https://iommi.example", "IOMMI.example:443"));
        assert!(from("http://127.0.0.1:7071", "127.0.0.1:7071"));
        assert!(!from("http://127.0.0.1:9999", "127.0.0.1:7071"));
        assert!(!from("https://evil.example", "iommi.example"));
        assert!(!from("null", "iommi.example"));
        assert!(!from("https://iommi.example", ""));
        assert!(!sent_with(&[("host", "iommi.example")]));
        let forwarded = [
            ("origin", "https://iommi.example"),
            ("host", "127.0.0.1:40001"),
            ("x-forwarded-host", "iommi.example, inner"),
        ];
        assert!(sent_with(&forwarded));
    }
}
