//! `v1/profiles`

use crate::app::App;
use crate::domain::{AddressClaim, EmailAddress, UserName};
use crate::problems;
use custom_handler::{Problem, Request, Response};
use iommi_app::{Page, PageQuery};
use serde::Deserialize;

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
    if let Some(claim) = wanted {
        let found = app.profiles.with_address(&claim).await.map_err(problems::unavailable)?;
        return page.answer(&app.continuation, found.into_iter().collect(), |profile| {
            profile.id.to_string()
        });
    }
    let after = page.after.as_deref().and_then(|id| id.parse().ok());
    let profiles = app.profiles.list(after, page.fetch()).await.map_err(problems::unavailable)?;
    page.answer(&app.continuation, profiles, |profile| profile.id.to_string())
}

fn parse(name: &str, claim: Result<AddressClaim, &String>) -> Result<AddressClaim, Problem> {
    claim.map_err(|error| Problem::invalid_parameter(name, error))
}
