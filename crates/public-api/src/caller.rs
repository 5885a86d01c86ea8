//! Who calls: the partner or person that API Management checked.
//!
//! API Management removes the header that a client sent and sets it from the token or subscription that it checked;
//! locally the gateway does the same from a key file. So it can be trusted, and nothing else in a request can.

use custom_handler::{HeaderMap, Request};
use std::fmt;

/// The header that names the caller: `partner/<id>` or `person/<id>`.
pub const CALLER_HEADER: &str = "X-Iommi-Caller";
/// Longest id, in characters.
const MAX_ID_CHARS: usize = 128;

/// Who sent a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Nobody that was checked. Also what a header that cannot be understood means: whoever wrote it learns nothing,
    /// and gets no more than everybody.
    Anonymous,
    /// A company, by the id of its subscription.
    Partner(CallerId),
    /// A person, by the id at the identity provider.
    Person(CallerId),
}

/// The id of a caller: 1 to 128 letters, digits and `.`, `_`, `~`, `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallerId(String);

impl CallerId {
    fn parse(text: &str) -> Option<Self> {
        let fits = (1..=MAX_ID_CHARS).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._~-".contains(&b));
        fits.then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Caller {
    /// The caller of a request.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        Self::from_headers(request.headers())
    }

    /// The caller that a request's headers name.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(CALLER_HEADER).iter();
        let caller = match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok().and_then(Self::parse),
            // Two that differ may be one that was smuggled past: then neither counts.
            _ => None,
        };
        caller.unwrap_or(Self::Anonymous)
    }

    /// The caller of this name; nobody, if it is none.
    pub(crate) fn named(name: &str) -> Self {
        Self::parse(name).unwrap_or(Self::Anonymous)
    }

    fn parse(value: &str) -> Option<Self> {
        match value.split_once('/')? {
            ("partner", id) => CallerId::parse(id).map(Self::Partner),
            ("person", id) => CallerId::parse(id).map(Self::Person),
            _ => None,
        }
    }

    /// The partner, if it is one.
    #[must_use]
    pub fn partner(&self) -> Option<&CallerId> {
        match self {
            Self::Partner(id) => Some(id),
            Self::Anonymous | Self::Person(_) => None,
        }
    }

    /// The person, if it is one.
    #[must_use]
    pub fn person(&self) -> Option<&CallerId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Anonymous | Self::Partner(_) => None,
        }
    }
}

/// As in the header; `anonymous` for nobody.
impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Partner(id) => write!(f, "partner/{id}"),
            Self::Person(id) => write!(f, "person/{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use custom_handler::HeaderName;

    fn caller(values: &[&str]) -> Caller {
        let mut headers = HeaderMap::new();
        let name: HeaderName = CALLER_HEADER.parse().unwrap();
        for value in values {
            headers.append(name.clone(), value.parse().unwrap());
        }
        Caller::from_headers(&headers)
    }

    #[test]
    fn a_partner_and_a_person_are_told_apart() {
        assert_eq!(caller(&["partner/acme-1"]).partner().map(CallerId::as_str), Some("acme-1"));
        assert_eq!(caller(&["person/0198.~_-"]).person().map(CallerId::as_str), Some("0198.~_-"));
        assert_eq!(caller(&["partner/acme-1"]).person(), None);
        assert_eq!(caller(&["partner/acme-1"]).to_string(), "partner/acme-1");
    }

    #[test]
    fn what_is_not_understood_is_nobody() {
        let long = format!("partner/{}", "a".repeat(MAX_ID_CHARS + 1));
        for value in [
            "",
            "partner",
            "partner/",
            "/acme",
            "Partner/acme",
            "admin/acme",
            "partner/a/b",
            "partner/a b",
            &long,
        ] {
            assert_eq!(caller(&[value]), Caller::Anonymous, "{value}");
        }
        assert_eq!(caller(&[]), Caller::Anonymous);
        assert_eq!(caller(&["partner/acme", "partner/other"]), Caller::Anonymous);
    }
}
