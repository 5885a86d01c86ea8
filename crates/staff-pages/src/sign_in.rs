//! Who may see a page, and what the others get.

use crate::guard::{guarded, guarded_problem};
use crate::principal::Principal;
use custom_handler::{Method, Problem, Request, Response, StatusCode, header};

/// The person who looks at a page, if that person has the role; in `Err` the redirect for somebody who is not signed
/// in yet.
///
/// # Errors
/// 403 `role-missing`; 401 `not-signed-in` for what is no `GET`, since a form would be lost on the way. Both with the
/// headers of a page.
pub fn enter(request: &Request, role: &str) -> Result<Result<Principal, Response>, Problem> {
    if Principal::of(request).is_none() && *request.method() == Method::GET {
        return Ok(Err(sign_in(request.path())));
    }
    Principal::with_role(request, role).map(Ok).map_err(guarded_problem)
}

/// 302 to where people sign in with Entra ID, and from there back to `path`.
#[must_use]
pub fn sign_in(path: &str) -> Response {
    let back: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    let url = format!("/.auth/login/aad?post_login_redirect_uri={back}");
    guarded(Response::new(StatusCode::FOUND).header(header::LOCATION, url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_the_sign_in_leads_back_and_is_guarded() {
        let answer = sign_in("/ops/dead-letters/a b");
        assert_eq!(answer.status(), StatusCode::FOUND);
        assert_eq!(
            answer.headers()[header::LOCATION],
            "/.auth/login/aad?post_login_redirect_uri=%2Fops%2Fdead-letters%2Fa+b"
        );
        assert!(answer.headers().contains_key(header::X_FRAME_OPTIONS));
    }
}
