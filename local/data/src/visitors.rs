//! Who may call: whoever is on this machine, and no site that a browser is on. A site whose name is made to point at this
//! machine (DNS rebinding) is of the same origin as these ports to the browser, and still sends its own name.

use std::net::IpAddr;

use http::{Request, StatusCode, header::HOST, uri::Authority};

use crate::listen;

/// Why a request is not looked at: its head is ambiguous, or it names a host that is not this machine (421).
pub(crate) fn refused<B>(request: &Request<B>) -> Option<StatusCode> {
    listen::malformed(request)
        .or_else(|| (!names_this_machine(request)).then_some(StatusCode::MISDIRECTED_REQUEST))
}

/// HTTP/2 has the name in its target; requests of HTTP/1.0 may have none, and no browser sends those.
fn names_this_machine<B>(request: &Request<B>) -> bool {
    let host = request.headers().get(HOST).map(|host| host.to_str().unwrap_or_default());
    let asked = request.uri().authority().map(Authority::as_str);
    host.into_iter().chain(asked).all(is_this_machine)
}

fn is_this_machine(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    // No other machine can have a name below `localhost` (RFC 6761, section 6.3).
    name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_localhost_name_this_machine_and_nothing_else_does() {
        for host in [
            "127.0.0.1:10000",
            "localhost",
            "LOCALHOST:8081",
            "[::1]:1",
            "account.blob.localhost:1",
        ] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["rebound.example:10000", "localhost.example", "127.0.0.1.nip.io", "", "a b"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn either_of_the_two_names_can_be_a_strangers() {
        let refused = |target: &str, host: &str| {
            refused(&Request::builder().uri(target).header(HOST, host).body(()).unwrap())
        };
        assert_eq!(refused("/", "127.0.0.1"), None);
        assert_eq!(refused("/", "evil.example"), Some(StatusCode::MISDIRECTED_REQUEST));
        let both = refused("http://evil.example/", "127.0.0.1");
        assert_eq!(both, Some(StatusCode::MISDIRECTED_REQUEST));
    }
}
