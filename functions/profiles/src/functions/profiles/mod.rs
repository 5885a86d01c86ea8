//! `v1/profiles`

use crate::app::App;
use crate::domain::{AddressClaim, EmailAddress, Profile, UserName};
use crate::views::ProfileView;
use azure_data::CosmosFailure;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::Caller;
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
    let caller = Caller::of(&request);
    let profiles = match wanted {
        Some(claim) => {
            app.profiles.with_address(&claim).await.map(|found| found.into_iter().collect())
        }
        // Who may not see all sees their own: without reading everybody's.
        None if !app.ownership.allows_all(&caller) => own(app, &caller).await,
        None => {
            let after = page.after.as_deref().and_then(|id| id.parse().ok());
            app.profiles.list(after, page.fetch()).await
        }
    };
    let mut profiles = profiles.map_err(unavailable)?;
    if !app.ownership.allows_all(&caller) {
        profiles.retain(|profile| app.ownership.allows(&caller, profile.id));
    }
    let position = |profile: &Profile| profile.id.to_string();
    page.answer_as(&app.continuation, profiles, position, ProfileView::from)
}

async fn own(app: &App, caller: &Caller) -> Result<Vec<Profile>, CosmosFailure> {
    let id = caller.person().and_then(|person| person.as_str().parse().ok());
    let Some(id) = id else { return Ok(Vec::new()) };
    Ok(app.profiles.read(id).await?.map(|item| item.value).into_iter().collect())
}

fn parse(name: &str, claim: Result<AddressClaim, &String>) -> Result<AddressClaim, Problem> {
    claim.map_err(|error| Problem::invalid_parameter(name, error))
}
