//! `v1/profiles/{profileId}/picture`

use super::profile;
use crate::app::App;
use crate::domain::{self, Profile, ProfileId};
use crate::problems;
use crate::views::ProfileView;
use custom_handler::{Function, IfMatch, Problem, Request, Response, function};
use jiff::Timestamp;
use public_api::problems::invalid_body;
use public_api::versions::{self, optional_if_match};

pub(crate) const FUNCTION: Function = function!();

/// PUT: shows one of the profile's approved photos for it. Choosing the same one again changes nothing.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let id = profile::of(app, &request)?;
    let expected = optional_if_match(&request)?;
    let photo = domain::parse_choice(&request.json_value()?).map_err(invalid_body)?;
    let choose = |profile: &Profile, now| {
        let chosen = profile.with_picture(photo, now);
        chosen.map_err(|reason| problems::not_a_picture(photo, reason))
    };
    let profile = change(app, id, expected.as_ref(), choose).await?;
    Ok(versions::current(&ProfileView::from(profile)))
}

/// DELETE: shows no photo; 204 also if there was none.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let id = profile::of(app, &request)?;
    let expected = optional_if_match(&request)?;
    let remove = |profile: &Profile, now| Ok(profile.without_picture(now));
    change(app, id, expected.as_ref(), remove).await?;
    Ok(Response::no_content())
}

/// Applies `edit` to the profile as it is when it is stored, or to the version that the client named.
async fn change(
    app: &App,
    id: ProfileId,
    expected: Option<&IfMatch>,
    edit: impl Fn(&Profile, Timestamp) -> Result<Profile, Problem>,
) -> Result<Profile, Problem> {
    let edit = |profile: &Profile, now| {
        expected.map_or(Ok(()), |expected| versions::check(profile, expected))?;
        edit(profile, now)
    };
    let changed = app.profiles.change(id, &app.clock, edit).await;
    changed.map_err(|error| problems::profile_not_changed(id, error))
}
