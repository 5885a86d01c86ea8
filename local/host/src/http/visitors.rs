//! Who may see what the host itself shows: whoever is on this machine, and no site that a browser is on.

use std::net::IpAddr;

use http::{Method, Request, Response, StatusCode, header::HOST, uri::Authority};

use super::{ReplyBody, reply};

/// Refuses what a browser sends for another site.
pub(crate) fn refuse_strangers<B>(request: &Request<B>) -> Result<(), Box<Response<ReplyBody>>> {
    if !names_this_machine(request) {
        let text = "the host answers here to an IP address or to localhost only: a name could be any site's\n";
        return Err(Box::new(reply::text(StatusCode::MISDIRECTED_REQUEST, text)));
    }
    if is_from_elsewhere(request) {
        let text = "another site may not act here\n";
        return Err(Box::new(reply::text(StatusCode::FORBIDDEN, text)));
    }
    Ok(())
}

/// A site whose name is made to point at this machine (DNS rebinding) still sends its own name.
fn names_this_machine<B>(request: &Request<B>) -> bool {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let Some(authority) = host.and_then(|host| host.parse::<Authority>().ok()) else {
        return false;
    };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

/// Browsers say where a request comes from, older ones by `Origin` alone; programs say nothing.
fn is_from_elsewhere<B>(request: &Request<B>) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return false;
    }
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "cross-site" | "same-site"),
        (None, Some(origin)) => {
            let own = text("host").unwrap_or_default();
            origin.split_once("://").is_none_or(|(_, from)| !from.eq_ignore_ascii_case(own))
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_and_localhost_name_this_machine() {
        let names = |host: &str| {
            names_this_machine(&Request::builder().header(HOST, host).body(()).unwrap())
        };
        assert!(names("127.0.0.1:7071") && names("localhost") && names("[::1]:7071"));
        assert!(!names("rebound.example:7071") && !names("localhost.example"));
        assert!(!names_this_machine(&Request::new(())));
    }

    #[test]
    fn a_page_of_another_site_is_told_by_what_its_browser_says() {
        let elsewhere = |method: Method, headers: &[(&str, &str)]| {
            let mut request = Request::builder().method(method).header(HOST, "127.0.0.1:7071");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            is_from_elsewhere(&request.body(()).unwrap())
        };
        let evil = ("origin", "http://evil.example");
        assert!(elsewhere(Method::POST, &[("sec-fetch-site", "cross-site"), evil]));
        assert!(elsewhere(Method::PUT, &[evil]));
        assert!(elsewhere(Method::POST, &[("origin", "null")]));
        assert!(!elsewhere(Method::GET, &[evil]));
        assert!(!elsewhere(Method::POST, &[("origin", "http://127.0.0.1:7071")]));
        assert!(!elsewhere(Method::POST, &[]));
    }
}
