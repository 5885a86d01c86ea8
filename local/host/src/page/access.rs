//! Who may see the page: whoever is on this machine, with `--keys` only who has the master key.

use http::{
    HeaderValue, Request, Response, StatusCode,
    header::{COOKIE, SET_COOKIE},
};

use super::{Form, Page};
use crate::http::{ReplyBody, document::see_other, refuse_strangers, reply};

/// Holds the proof that the master key was shown.
const COOKIE_NAME: &str = "iommi-page";

/// Lets a request in, or says why not.
pub(super) fn admit<B>(
    page: &Page,
    form: Form,
    request: &Request<B>,
) -> Result<(), Box<Response<ReplyBody>>> {
    refuse_strangers(request)?;
    let Some(keys) = &page.keys else { return Ok(()) };
    if has_session(request, &page.session) {
        return Ok(());
    }
    let shows_key = keys.admit_master(request);
    match (form, shows_key) {
        (Form::Json, true) => Ok(()),
        (Form::Json, false) => Err(Box::new(reply::empty(StatusCode::UNAUTHORIZED))),
        // The key leaves the address bar at once.
        (Form::Page, true) => Err(Box::new(signed_in(&page.session, request.uri().path()))),
        (Form::Page, false) => {
            let text = "This host asks for keys. Open /admin/page?code=KEY with the admin key that it showed at its start.\n";
            Err(Box::new(reply::text(StatusCode::UNAUTHORIZED, text)))
        }
    }
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
    let mut response = see_other(path);
    let cookie = format!("{COOKIE_NAME}={session}; Path=/; HttpOnly; SameSite=Strict");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}
