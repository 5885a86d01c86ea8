//! Which headers travel between client and handler.

use std::net::IpAddr;

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        ALT_SVC, CONNECTION, CONTENT_LENGTH, FORWARDED, HOST, PROXY_AUTHENTICATE,
        PROXY_AUTHORIZATION, STRICT_TRANSPORT_SECURITY, TE, TRANSFER_ENCODING, UPGRADE,
        UPGRADE_INSECURE_REQUESTS,
    },
};

/// Only in proxied requests.
pub(super) const MS_INVOCATION_ID: HeaderName = HeaderName::from_static("x-ms-invocation-id");

/// What the host's proxy leaves out, both ways: this list and nothing else, so `Expect`, `Trailer` and what `Connection`
/// names do travel (YARP `RequestUtilities.cs`).
const LEFT_OUT: [HeaderName; 18] = [
    CONNECTION,
    TRANSFER_ENCODING,
    HeaderName::from_static("keep-alive"),
    UPGRADE,
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    HeaderName::from_static("proxy-authentication-info"),
    PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-features"),
    HeaderName::from_static("proxy-instruction"),
    HeaderName::from_static("security-scheme"),
    HeaderName::from_static("alpn"),
    HeaderName::from_static("close"),
    HeaderName::from_static("http2-settings"),
    UPGRADE_INSECURE_REQUESTS,
    TE,
    ALT_SVC,
    STRICT_TRANSPORT_SECURITY,
];

/// What a proxy says of the request that it got; whatever a client says under these names is not handed on.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_PREFIX: HeaderName = HeaderName::from_static("x-forwarded-prefix");

/// Removes what belongs to one connection, not to the message.
pub(super) fn remove_hop_by_hop(headers: &mut HeaderMap) {
    // Of two lengths only one would be right (RFC 9112, section 6.1).
    if headers.contains_key(TRANSFER_ENCODING) {
        headers.remove(CONTENT_LENGTH);
    }
    for name in &LEFT_OUT {
        headers.remove(name);
    }
}

/// Says by whom and for which host the request came, and removes `Host`: the handler gets its own. The gateway has no
/// path base, so there is no prefix.
pub(super) fn set_forwarded(headers: &mut HeaderMap, peer: Option<IpAddr>) {
    for name in [FORWARDED, FORWARDED_FOR, FORWARDED_HOST, FORWARDED_PROTO, FORWARDED_PREFIX] {
        headers.remove(name);
    }
    if let Some(host) = headers.remove(HOST) {
        headers.insert(FORWARDED_HOST, host);
    }
    headers.insert(FORWARDED_PROTO, HeaderValue::from_static("http"));
    let peer = peer.and_then(|peer| HeaderValue::from_str(&peer.to_canonical().to_string()).ok());
    if let Some(peer) = peer {
        headers.insert(FORWARDED_FOR, peer);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn what_the_hosts_proxy_leaves_out_is_removed_and_nothing_else() {
        let mut sent = headers(&[
            ("connection", "keep-alive, X-Named"),
            ("x-named", "1"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("trailer", "x-sum"),
            ("expect", "100-continue"),
            ("upgrade-insecure-requests", "1"),
            ("alt-svc", "clear"),
            ("strict-transport-security", "max-age=1"),
            ("http2-settings", "x"),
        ]);
        remove_hop_by_hop(&mut sent);
        let kept = [("x-named", "1"), ("trailer", "x-sum"), ("expect", "100-continue")];
        assert_eq!(sent, headers(&kept));
    }

    #[test]
    fn a_length_beside_chunks_is_no_length() {
        let mut sent = headers(&[("transfer-encoding", "chunked"), ("content-length", "7")]);
        remove_hop_by_hop(&mut sent);
        assert_eq!(sent, headers(&[]));
    }

    #[test]
    fn who_asked_for_what_is_said_by_the_gateway_alone() {
        let mut sent = headers(&[
            ("host", "iommi.example"),
            ("forwarded", "host=evil.example"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-for", "203.0.113.7"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-prefix", "/evil"),
        ]);
        set_forwarded(&mut sent, Some(Ipv4Addr::LOCALHOST.to_ipv6_mapped().into()));
        let expected = [
            ("x-forwarded-host", "iommi.example"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-for", "127.0.0.1"),
        ];
        assert_eq!(sent, headers(&expected));
    }
}
