//! Which requests a rule is about.

use http::Method;
use percent_encoding::percent_decode_str;

use crate::Service;

/// Some requests of a service; `Requests::any()` are all.
///
/// ```
/// # use local_data::Requests;
/// let changes_of_profiles = Requests::any().writes().path("/colls/profiles/");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    kind: Kind,
    method: Option<String>,
    path: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Any,
    Reads,
    Writes,
}

/// What a request says of itself before its body is read.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) service: Service,
    pub(crate) method: &'a Method,
    /// As it came, percent-encoded, without the query string.
    pub(crate) path: &'a str,
    /// Whether it only asks, though it is a POST.
    pub(crate) is_query: bool,
}

impl Asked<'_> {
    fn writes(&self) -> bool {
        !self.is_query
            && matches!(*self.method, Method::POST | Method::PUT | Method::PATCH | Method::DELETE)
    }
}

impl Requests {
    /// All of them.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Those with this method, in upper case.
    #[must_use]
    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: Some(method.into()), ..self }
    }

    /// Those in whose path, percent-decoded, this text stands, such as `/colls/profiles/` or `/photo-checks/`.
    #[must_use]
    pub fn path(self, text: impl Into<String>) -> Self {
        Self { path: Some(text.into()), ..self }
    }

    /// POST, PUT, PATCH and DELETE that are no queries.
    #[must_use]
    pub fn writes(self) -> Self {
        Self { kind: Kind::Writes, ..self }
    }

    /// All that are no writes.
    #[must_use]
    pub fn reads(self) -> Self {
        Self { kind: Kind::Reads, ..self }
    }

    /// In words: `writes PUT /colls/profiles/`; empty for all.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        let kind = match self.kind {
            Kind::Any => None,
            Kind::Reads => Some("reads"),
            Kind::Writes => Some("writes"),
        };
        kind.into_iter().chain(self.method.as_deref()).chain(self.path.as_deref()).collect()
    }

    pub(crate) fn include(&self, asked: &Asked<'_>) -> bool {
        let kind = match self.kind {
            Kind::Any => true,
            Kind::Reads => !asked.writes(),
            Kind::Writes => asked.writes(),
        };
        let method = self.method.as_ref().is_none_or(|method| method == asked.method.as_str());
        kind && method
            && self.path.as_ref().is_none_or(|text| {
                percent_decode_str(asked.path).decode_utf8_lossy().contains(text.as_str())
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_by_method_path_and_by_what_they_do() {
        let asked =
            |method, path, is_query| Asked { service: Service::Cosmos, method, path, is_query };
        let create = asked(&Method::POST, "/dbs/profiles/colls/profiles/docs", false);
        let query = asked(&Method::POST, "/dbs/profiles/colls/profiles/docs", true);
        let read = asked(&Method::GET, "/dbs/profiles/colls/requests/docs/a%20b", false);
        let of = |requests: Requests| [&create, &query, &read].map(|asked| requests.include(asked));
        assert_eq!(of(Requests::any()), [true, true, true]);
        assert_eq!(of(Requests::any().writes()), [true, false, false]);
        assert_eq!(of(Requests::any().reads()), [false, true, true]);
        assert_eq!(
            of(Requests::any().method("POST").path("/colls/profiles/")),
            [true, true, false]
        );
        assert_eq!(of(Requests::any().path("a b")), [false, false, true]);
        assert_eq!(Requests::any().writes().path("/x").words(), ["writes", "/x"]);
    }
}
