//! What a URL names, or the problem that it names nothing.

use crate::app::App;
use crate::domain::{Case, Photo, PhotoId, PhotoState};
use crate::problems;
use azure_data::Item;
use custom_handler::{IfMatch, Problem};
use public_api::problems::unavailable;

/// The photo, or 404; also when it is erased.
pub(crate) async fn photo(app: &App, id: PhotoId) -> Result<Item<Photo>, Problem> {
    let photo = app.photos.find(id).await.map_err(unavailable)?;
    let photo = photo.filter(|photo| photo.value.state != PhotoState::Erased);
    photo.ok_or_else(|| problems::no_such_photo(id))
}

/// The case, or 404.
pub(crate) async fn case(app: &App, id: &str) -> Result<Item<Case>, Problem> {
    let case = app.cases.read(id).await.map_err(unavailable)?;
    case.ok_or_else(problems::no_such_case)
}

/// The case, if it is the version that the moderator has seen.
pub(crate) async fn expected_case(
    app: &App,
    id: &str,
    expected: Option<&IfMatch>,
) -> Result<Item<Case>, Problem> {
    let case = case(app, id).await?;
    if let Some(expected) = expected {
        expected.check(&public_api::versions::entity_tag(case.value.revision))?;
    }
    Ok(case)
}
