//! What a URL names, or the problem that it names nothing.

use crate::app::App;
use crate::domain::{Case, Photo, PhotoId, PhotoState, ProfileId};
use crate::problems;
use azure_data::Item;
use custom_handler::{IfMatch, Problem, Request};
use public_api::Caller;
use public_api::problems::unavailable;
use public_api::versions::entity_tag;

/// The photo, or 404; also when it is erased, or another's.
pub(crate) async fn photo(
    app: &App,
    request: &Request,
    id: PhotoId,
) -> Result<Item<Photo>, Problem> {
    let photo = photo_or_tombstone(app, request, id).await?;
    if photo.value.state == PhotoState::Erased {
        Err(problems::no_such_photo(id))
    } else {
        Ok(photo)
    }
}

/// The photo, or what is left of it.
pub(crate) async fn photo_or_tombstone(
    app: &App,
    request: &Request,
    id: PhotoId,
) -> Result<Item<Photo>, Problem> {
    let photo = app.photos.find(id).await.map_err(unavailable)?;
    let photo = photo.filter(|photo| is_for(app, request, photo.value.profile_id));
    photo.ok_or_else(|| problems::no_such_photo(id))
}

/// Whether the caller may touch what is the profile's.
pub(crate) fn is_for(app: &App, request: &Request, profile: ProfileId) -> bool {
    app.ownership.allows(&Caller::of(request), profile)
}

/// The case, or 404.
pub(crate) async fn case(app: &App, id: &str) -> Result<Item<Case>, Problem> {
    let case = app.cases.read(id).await.map_err(unavailable)?;
    case.ok_or_else(problems::no_such_case)
}

/// Refuses a request that is about another version of the case than there is now.
pub(crate) fn check_version(case: &Case, expected: Option<&IfMatch>) -> Result<(), Problem> {
    match expected {
        Some(expected) => expected.check(&entity_tag(case.revision)),
        None => Ok(()),
    }
}
