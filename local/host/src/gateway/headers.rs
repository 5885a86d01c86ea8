//! Which headers travel between client and handler.

use http::{
    HeaderMap, HeaderName,
    header::{
        CONNECTION, EXPECT, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER,
        TRANSFER_ENCODING, UPGRADE,
    },
};

/// Only in proxied requests.
pub(super) const MS_INVOCATION_ID: HeaderName = HeaderName::from_static("x-ms-invocation-id");

/// Headers of one connection, not of the message (RFC 9110 section 7.6.1). `Expect` is answered here already.
const HOP_BY_HOP: [HeaderName; 10] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    EXPECT,
];

/// Removes what belongs to the connection, also the headers that `Connection` names.
pub(super) fn remove_hop_by_hop(headers: &mut HeaderMap) {
    if headers.contains_key(CONNECTION) {
        let named: Vec<HeaderName> = headers
            .get_all(CONNECTION)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .filter_map(|name| name.trim().parse().ok())
            .collect();
        for name in named {
            headers.remove(name);
        }
    }
    for name in &HOP_BY_HOP {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn headers_of_the_connection_and_those_it_names_are_removed() {
        let mut sent = headers(&[
            ("connection", "keep-alive, X-Only-Here"),
            ("x-only-here", "1"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("host", "example.org"),
            ("x-stays", "1"),
        ]);
        remove_hop_by_hop(&mut sent);
        assert_eq!(sent, headers(&[("host", "example.org"), ("x-stays", "1")]));
    }
}
