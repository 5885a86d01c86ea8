//! `v1/profiles/{profileId}`

use crate::app::App;
use crate::domain::{Body, Form, Profile, ProfileId};
use crate::problems::{no_such_profile, profile_not_changed};
use crate::views::ProfileView;
use custom_handler::{Function, IfMatch, Problem, Request, Response, function};
use public_api::Caller;
use public_api::problems::{invalid_body, not_changed, unavailable};
use public_api::versions::{self, optional_if_match};
use serde_json::{Value, json};

pub(crate) const FUNCTION: Function = function!();

/// Where a profile is.
pub(crate) fn url(id: ProfileId) -> String {
    FUNCTION.url(&[("profileId", &id.to_string())])
}

/// The profile that a request is about, if the caller may touch it: every function below `v1/profiles/{profileId}` asks
/// here.
///
/// # Errors
/// 400 if the path names no id; 404, as for what does not exist, if it is somebody else's.
pub(crate) fn of(app: &App, request: &Request) -> Result<ProfileId, Problem> {
    let id: ProfileId = request.param("profileId")?;
    match app.ownership.allows(&Caller::of(request), id) {
        true => Ok(id),
        false => Err(no_such_profile(id)),
    }
}

/// The profile, or 404.
pub(crate) async fn read(app: &App, id: ProfileId) -> Result<Profile, Problem> {
    let profile = app.profiles.read(id).await.map_err(unavailable)?;
    Ok(profile.ok_or_else(|| no_such_profile(id))?.value)
}

/// GET: the profile; 304 if `If-None-Match` names the current version.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id = of(app, &request)?;
    let known = request.if_none_match()?;
    let profile = read(app, id).await?;
    Ok(versions::unless_known(&ProfileView::from(profile), known))
}

/// PUT: replaces what the owner may write, if `If-Match` names the current version.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let id = of(app, &request)?;
    let expected = request.if_match()?;
    let body = request.json_value()?;
    change(app, id, &expected, Form::Whole, |_| body.clone()).await
}

/// PATCH: merges the body (RFC 7396) into the profile, if `If-Match` names the current version.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    let id = of(app, &request)?;
    let expected = request.if_match()?;
    let patch = request.merge_patch()?;
    change(app, id, &expected, Form::Merged, |view| versions::merged(view, &patch)).await
}

/// DELETE: erases the profile. Erasing again changes nothing and finishes what was interrupted.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let id = of(app, &request)?;
    let expected = optional_if_match(&request)?;
    let check = |profile: &Profile| match &expected {
        Some(expected) => versions::check(profile, expected),
        None => Ok(()),
    };
    let erased = app.profiles.erase(id, &app.clock, check).await;
    match erased.map_err(|error| not_changed(error, |problem| problem))? {
        true => Ok(Response::no_content()),
        false => Err(no_such_profile(id)),
    }
}

/// Stores what the body makes of the profile. If it was changed meanwhile, `expected` decides: with the version that
/// the client named it is refused, with `*`, or if only the document moved and not what a client sees, it is tried
/// again.
async fn change(
    app: &App,
    id: ProfileId,
    expected: &IfMatch,
    form: Form,
    body: impl Fn(&ProfileView) -> Value,
) -> Result<Response, Problem> {
    let changed = app.profiles.change(id, &app.clock, |profile, now| {
        versions::check(profile, expected)?;
        let view = ProfileView::from(profile.clone());
        let body = Body { json: &body(&view), shown: &json!(view), form };
        profile.replaced_with(&body, now).map_err(invalid_body)
    });
    let profile = changed.await.map_err(|error| profile_not_changed(id, error))?;
    Ok(versions::current(&ProfileView::from(profile)))
}
