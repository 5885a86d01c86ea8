//! `v1/profiles/{profileId}/picture`

use crate::app::App;
use crate::conditional::{self, expect};
use crate::domain::{self, Profile, ProfileId};
use crate::problems;
use crate::store::ChangeError;
use custom_handler::{IfMatch, Problem, Request, Response};
use iommi_app::pause;

/// How often a change is tried again because others change the profile meanwhile.
const MAX_TRIES: u32 = 12;

/// PUT: shows one of the profile's approved photos for it. Choosing the same one again changes nothing.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ProfileId = request.param("profileId")?;
    let expected = conditional::optional_if_match(&request)?;
    let photo = domain::parse_choice(&request.json_value()?).map_err(problems::invalid_body)?;
    let choose = |profile: &Profile| {
        let chosen = profile.with_picture(photo, app.clock.now());
        chosen.map_err(|reason| problems::not_a_picture(photo, reason))
    };
    Ok(conditional::current(&change(app, id, expected.as_ref(), choose).await?))
}

/// DELETE: shows no photo; 204 also if there was none.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ProfileId = request.param("profileId")?;
    let expected = conditional::optional_if_match(&request)?;
    let remove = |profile: &Profile| Ok(profile.without_picture(app.clock.now()));
    change(app, id, expected.as_ref(), remove).await?;
    Ok(Response::no_content())
}

/// Applies `edit` to the profile as it is when it is stored, or to the version that the client named.
async fn change(
    app: &App,
    id: ProfileId,
    expected: Option<&IfMatch>,
    edit: impl Fn(&Profile) -> Result<Profile, Problem>,
) -> Result<Profile, Problem> {
    for tries in 0..MAX_TRIES {
        let mut current = crate::profile::read(app, id).await?;
        if let Some(expected) = expected {
            current = expect(current, expected)?;
        }
        let edited = edit(&current.value)?;
        match app.profiles.replace(&current, edited, app.clock.now()).await {
            Ok(stored) => return Ok(stored.value),
            Err(ChangeError::Changed) => pause(tries).await,
            Err(other) => return Err(problems::not_changed(other)),
        }
    }
    Err(problems::busy())
}
