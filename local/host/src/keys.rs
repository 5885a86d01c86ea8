//! Access keys (host `Security/Authentication/Keys/AuthenticationLevelHandler.cs`). Core Tools and this host ask for
//! none unless told to; with `--keys` the rules are those of Azure.

use function_json::AuthLevel;
use http::{HeaderMap, HeaderName, Request, Uri};

use crate::query;

/// Wins over the query.
const KEY_HEADER: HeaderName = HeaderName::from_static("x-functions-key");
const KEY_PARAMETER: &str = "code";

/// The keys of a host, new at each start.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    /// Opens everything.
    pub(crate) master: String,
    /// Opens functions of level `function`, of every app.
    pub(crate) host: String,
    /// Opens webhooks (`eventgrid_extension`, `blobs_extension`).
    pub(crate) system: String,
}

impl Keys {
    pub(crate) fn generate() -> Self {
        Self { master: random(), host: random(), system: random() }
    }

    /// Whether a request may call a function of this level.
    pub(crate) fn admit<B>(&self, level: AuthLevel, request: &Request<B>) -> bool {
        match level {
            AuthLevel::Anonymous => true,
            AuthLevel::Function => self.admit_with(request, &[&self.host, &self.master]),
            AuthLevel::Admin => self.admit_master(request),
        }
    }

    /// Whether a request carries the master key, as the admin interface demands.
    pub(crate) fn admit_master<B>(&self, request: &Request<B>) -> bool {
        self.admit_with(request, &[&self.master])
    }

    /// Whether a request may call a webhook.
    pub(crate) fn admit_system<B>(&self, request: &Request<B>) -> bool {
        self.admit_with(request, &[&self.system, &self.master])
    }

    fn admit_with<B>(&self, request: &Request<B>, keys: &[&str]) -> bool {
        given(request.headers(), request.uri()).is_some_and(|given| keys.contains(&given.as_str()))
    }
}

fn given(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    if let Some(header) = headers.get(KEY_HEADER) {
        return header.to_str().ok().map(str::to_owned);
    }
    query::parameter(uri.query()?, KEY_PARAMETER)
}

fn random() -> String {
    format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(header: Option<&str>, uri: &str) -> Request<()> {
        let mut request = Request::builder().uri(uri);
        if let Some(header) = header {
            request = request.header(KEY_HEADER, header);
        }
        request.body(()).unwrap()
    }

    #[test]
    fn the_header_wins_over_the_query() {
        let keys = Keys::generate();
        let query = format!("/?code={}", keys.master);
        assert!(keys.admit_master(&request(None, &query)));
        assert!(keys.admit_master(&request(Some(&keys.master), "/?code=wrong")));
        assert!(!keys.admit_master(&request(Some("wrong"), &query)));
        assert!(!keys.admit_master(&request(None, "/")));
    }

    #[test]
    fn a_host_key_does_not_open_the_admin_interface_and_no_key_opens_all() {
        let keys = Keys::generate();
        assert!(!keys.admit_master(&request(Some(&keys.host), "/")));
        assert!(!keys.admit_system(&request(Some(&keys.host), "/")));
        assert!(keys.admit_system(&request(Some(&keys.system), "/")));
        assert_ne!(Keys::generate().master, keys.master);
    }
}
