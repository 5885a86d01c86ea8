//! Who looks at the console, and what those see who may not.

use super::frame::{Notice, see_other};
use crate::app::App;
use crate::moderation::ROLE;
use custom_handler::{Problem, Request, Response, StatusCode};
use iommi_app::Principal;

/// Remembers that pictures are shown without colours.
const GREYSCALE: &str = "moderation-greyscale";
const A_YEAR_SECONDS: u32 = 365 * 24 * 60 * 60;

/// A moderator.
#[derive(Debug)]
pub(crate) struct Visitor {
    pub(crate) principal: Principal,
    /// For the forms of the page.
    pub(crate) token: String,
    pub(crate) greyscale: bool,
}

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
    let greyscale = cookie(request, GREYSCALE) == Some("1");
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

/// The cookie that remembers the choice. No secret: the script writes it too.
pub(crate) fn greyscale_cookie(on: bool) -> String {
    let (value, age) = if on { ("1", A_YEAR_SECONDS) } else { ("0", 0) };
    format!("{GREYSCALE}={value}; Path=/moderation; SameSite=Strict; Max-Age={age}")
}

fn cookie<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let cookies = request.headers().get_all("cookie").iter().filter_map(|line| line.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|one| one.split_once('='));
    pairs.find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
}
