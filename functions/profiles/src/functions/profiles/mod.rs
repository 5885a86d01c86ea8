//! `v1/profiles`

use crate::app::App;
use crate::domain::{AddressClaim, EmailAddress, Profile, UserName};
use crate::views::ProfileView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::{Page, PageQuery};
use public_api::problems::unavailable;
use serde::Deserialize;

pub(crate) const FUNCTION: Function = function!();

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Query {
    email: Option<String>,
    user_name: Option<String>,
    limit: Option<String>,
    continuation: Option<String>,
}

/// GET: all profiles in the order of their registration, or the one with an e-mail address or user name.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let Query { email, user_name, limit, continuation } = request.query()?;
    let wanted = match (email, user_name) {
        (None, None) => None,
        (Some(text), None) => Some(parse(
            "email",
            EmailAddress::parse(&text).as_ref().map(AddressClaim::email_address),
        )?),
        (None, Some(text)) => {
            Some(parse("userName", UserName::parse(&text).as_ref().map(AddressClaim::user_name))?)
        }
        (Some(_), Some(_)) => {
            return Err(Problem::invalid_parameter(
                "userName",
                "cannot be combined with email; send one of them",
            ));
        }
    };
    let page = Page::of(&app.continuation, "profiles", PageQuery { limit, continuation })?;
    let profiles = match wanted {
        Some(claim) => {
            app.profiles.with_address(&claim).await.map(|found| found.into_iter().collect())
        }
        None => {
            let after = page.after.as_deref().and_then(|id| id.parse().ok());
            app.profiles.list(after, page.fetch()).await
        }
    };
    let position = |profile: &Profile| profile.id.to_string();
    page.answer_as(&app.continuation, profiles.map_err(unavailable)?, position, ProfileView::from)
}

fn parse(name: &str, claim: Result<AddressClaim, &String>) -> Result<AddressClaim, Problem> {
    claim.map_err(|error| Problem::invalid_parameter(name, error))
}
