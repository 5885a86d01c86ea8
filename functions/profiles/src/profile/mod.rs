//! `v1/profiles/{profileId}`

use crate::app::App;
use crate::conditional::{self, expect};
use crate::domain::{Body, Profile, ProfileId, Violations};
use crate::problems;
use crate::store::ChangeError;
use custom_handler::{IfMatch, Problem, Request, Response};
use iommi_app::{Kept, Refusal, pause};

/// How often a change is tried again because others change the profile meanwhile.
const MAX_TRIES: u32 = 12;

/// Where a profile is.
pub(crate) fn url(id: ProfileId) -> String {
    crate::PROFILE.url(&[("profileId", &id.to_string())])
}

/// The profile, or 404.
pub(crate) async fn read(app: &App, id: ProfileId) -> Result<Kept<Profile>, Problem> {
    let profile = app.profiles.read(id).await.map_err(problems::unavailable)?;
    profile.ok_or_else(|| problems::no_such_profile(id))
}

/// GET: the profile; 304 if `If-None-Match` names the current version.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ProfileId = request.param("profileId")?;
    let known = request.if_none_match()?;
    Ok(conditional::unless_known(&read(app, id).await?.value, known))
}

/// PUT: replaces what the owner may write, if `If-Match` names the current version.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ProfileId = request.param("profileId")?;
    let expected = request.if_match()?;
    let body = request.json_value()?;
    change(app, id, &expected, |profile| profile.replaced_with(&body, Body::Whole, app.clock.now()))
        .await
}

/// PATCH: merges the body (RFC 7396) into the profile, if `If-Match` names the current version.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ProfileId = request.param("profileId")?;
    let expected = request.if_match()?;
    let patch = request.merge_patch()?;
    change(app, id, &expected, |profile| {
        let merged = conditional::merged(profile, &patch);
        profile.replaced_with(&merged, Body::Merged, app.clock.now())
    })
    .await
}

/// DELETE: erases the profile. Erasing again changes nothing and finishes what was interrupted.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ProfileId = request.param("profileId")?;
    let expected = conditional::optional_if_match(&request)?;
    for tries in 0..MAX_TRIES {
        let Some(current) = app.profiles.read(id).await.map_err(problems::unavailable)? else {
            return finish_erasure(app, id).await;
        };
        let current = match &expected {
            Some(expected) => expect(current, expected)?,
            None => current,
        };
        match app.profiles.erase(&current, app.clock.now()).await {
            Ok(()) => return Ok(Response::no_content()),
            Err(Refusal::Changed) => pause(tries).await,
            Err(Refusal::Failed(failure)) => return Err(problems::unavailable(failure)),
        }
    }
    Err(problems::busy())
}

async fn finish_erasure(app: &App, id: ProfileId) -> Result<Response, Problem> {
    let erased = app.profiles.finish_erasure(id, app.clock.now()).await;
    match erased.map_err(problems::unavailable)? {
        true => Ok(Response::no_content()),
        false => Err(problems::no_such_profile(id)),
    }
}

/// Stores the edited profile. If it was changed meanwhile, `expected` decides: with the version that the client
/// named it is refused, with `*`, or if only the document moved and not what a client sees, it is tried again.
async fn change(
    app: &App,
    id: ProfileId,
    expected: &IfMatch,
    edit: impl Fn(&Profile) -> Result<Profile, Violations>,
) -> Result<Response, Problem> {
    for tries in 0..MAX_TRIES {
        let current = expect(read(app, id).await?, expected)?;
        let edited = edit(&current.value).map_err(problems::invalid_body)?;
        match app.profiles.replace(&current, edited.clone(), app.clock.now()).await {
            Ok(stored) => return Ok(conditional::current(&stored.value)),
            Err(ChangeError::Changed) => {}
            Err(other) => return Err(problems::not_changed(other)),
        }
        let now = read(app, id).await?.value;
        if now == edited {
            // Our own write, of which we lost the answer.
            return Ok(conditional::current(&now));
        }
        pause(tries).await;
    }
    Err(problems::busy())
}
