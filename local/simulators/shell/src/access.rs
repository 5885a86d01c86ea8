//! Who may come: programs and pages of this machine, no other site in a browser.

use std::net::IpAddr;

use http::{Method, StatusCode, header::HOST, request::Parts, uri::Authority};

use crate::reply::{self, Reply};

/// Lets a request in, or says why not.
pub(crate) fn admit(request: &Parts) -> Result<(), Box<Reply>> {
    if !names_this_machine(request) {
        let detail =
            "a simulator answers to an IP address or to localhost only: a name could be any site's";
        return Err(Box::new(reply::problem(StatusCode::MISDIRECTED_REQUEST, detail)));
    }
    // Browsers say where a request comes from; programs say nothing.
    let site = request.headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if request.method != Method::GET && matches!(site, Some("cross-site" | "same-site")) {
        return Err(Box::new(reply::problem(
            StatusCode::FORBIDDEN,
            "another site may not act here",
        )));
    }
    Ok(())
}

/// A site whose name is made to point at this machine (DNS rebinding) still sends its own name.
fn names_this_machine(request: &Parts) -> bool {
    let host = request.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host =
        host.and_then(|host| host.parse::<Authority>().ok()).or(request.uri.authority().cloned());
    host.is_some_and(|host| {
        let name = host.host().trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
    })
}
