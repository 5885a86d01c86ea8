//! Who may see the console, and what those see who may not.

use super::frame::Notice;
use super::visitor::{Visitor, wants_greyscale};
use crate::app::App;
use crate::moderation::ROLE;
use custom_handler::{Problem, Request, Response, StatusCode};
use staff_pages::{Principal, see_other};

/// The moderator who looks, or the answer for somebody else.
pub(crate) fn enter(
    app: &App,
    request: &Request,
) -> Result<Result<Visitor, Box<Response>>, Problem> {
    let Some(principal) = Principal::of(request) else {
        let query = [("post_login_redirect_uri", request.path())];
        let query = serde_urlencoded::to_string(query).map_err(Problem::internal)?;
        return Ok(Err(Box::new(see_other(&format!("/.auth/login/aad?{query}")))));
    };
    if !principal.has_role(ROLE) {
        return Ok(Err(Box::new(without_role(&principal)?)));
    }
    let token = app.form_key.token(&principal.id, app.clock.now());
    let greyscale = wants_greyscale(request);
    Ok(Ok(Visitor { principal, token, greyscale }))
}

fn without_role(principal: &Principal) -> Result<Response, Problem> {
    let notice = Notice {
        title: "You cannot moderate".to_owned(),
        text: format!(
            "You are signed in as {}. This page is for people with the role {ROLE}. \
             Ask whoever administers Iommi in Microsoft Entra ID to assign it to you, then sign in again.",
            principal.name
        ),
        link: ("/.auth/logout?post_logout_redirect_uri=/moderation", "Sign out"),
    };
    Ok(notice.page()?.with_status(StatusCode::FORBIDDEN))
}
