//! Who may see the page: whoever is on this machine, with `--keys` only who has the master key.

use std::net::IpAddr;

use http::{
    HeaderValue, Method, Request, Response, StatusCode,
    header::{COOKIE, HOST, SET_COOKIE},
    uri::Authority,
};

use super::{Form, answers};
use crate::gateway::{Gateway, ReplyBody, reply};

/// Holds the proof that the master key was shown.
const COOKIE_NAME: &str = "iommi-page";

/// Lets a request in, or says why not.
pub(super) fn admit<B>(
    gateway: &Gateway,
    form: Form,
    request: &Request<B>,
) -> Result<(), Box<Response<ReplyBody>>> {
    refuse_strangers(request)?;
    let Some(keys) = &gateway.keys else { return Ok(()) };
    if has_session(request, &gateway.page.session) {
        return Ok(());
    }
    let shows_key = keys.admit_master(request);
    match (form, shows_key) {
        (Form::Json, true) => Ok(()),
        (Form::Json, false) => Err(Box::new(reply::empty(StatusCode::UNAUTHORIZED))),
        // The key leaves the address bar at once.
        (Form::Page, true) => Err(Box::new(signed_in(&gateway.page.session, request.uri().path()))),
        (Form::Page, false) => {
            let text = "This host asks for keys. Open /admin/page?code=KEY with the admin key that it showed at its start.\n";
            Err(Box::new(reply::text(StatusCode::UNAUTHORIZED, text)))
        }
    }
}

/// Refuses what a browser sends for another site.
pub(crate) fn refuse_strangers<B>(request: &Request<B>) -> Result<(), Box<Response<ReplyBody>>> {
    if !names_this_machine(request) {
        let text =
            "the page answers to an IP address or to localhost only: a name could be any site's\n";
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

/// Browsers say where a request comes from; programs say nothing.
fn is_from_elsewhere<B>(request: &Request<B>) -> bool {
    let site = request.headers().get("sec-fetch-site").and_then(|site| site.to_str().ok());
    *request.method() != Method::GET && matches!(site, Some("cross-site" | "same-site"))
}

fn has_session<B>(request: &Request<B>, session: &str) -> bool {
    let cookies =
        request.headers().get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .any(|(name, value)| name == COOKIE_NAME && value == session)
}

fn signed_in(session: &str, path: &str) -> Response<ReplyBody> {
    let mut response = answers::see_other(path);
    let cookie = format!("{COOKIE_NAME}={session}; Path=/; HttpOnly; SameSite=Strict");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
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
}
