//! `v1/photos/{photoId}`

use crate::app::App;
use crate::domain::{Photo, PhotoId, PhotoState};
use crate::erasing::{self, Eraser};
use crate::problems;
use crate::shown::{Shown, entity_tag};
use crate::store::Whereabouts;
use custom_handler::{Problem, Request, Response};
use iommi_app::Kept;

/// The photo, or 404; also when it is erased.
pub(crate) async fn read(app: &App, id: PhotoId) -> Result<Kept<Photo>, Problem> {
    let photo = app.photos.find(id).await.map_err(problems::unavailable)?;
    let photo = photo.filter(|photo| photo.value.state != PhotoState::Erased);
    photo.ok_or_else(|| problems::no_such_photo(id))
}

/// GET: what is known about the photo; 304 if `If-None-Match` names the current version.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: PhotoId = request.param("photoId")?;
    let known = request.if_none_match()?;
    let photo = read(app, id).await?.value;
    let tag = entity_tag(&photo);
    let response = match known {
        Some(known) if known.matches(&tag) => Response::not_modified(),
        _ => Response::ok(&Shown::of(&photo)),
    };
    Ok(response.etag(tag).cache_control("private, no-cache"))
}

/// DELETE: erases the photo. Erasing again changes nothing and finishes what was interrupted.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let id: PhotoId = request.param("photoId")?;
    let photo = app.photos.find(id).await.map_err(problems::unavailable)?;
    let photo = photo.ok_or_else(|| problems::no_such_photo(id))?;
    let place = Whereabouts::of(&photo.value);
    let erased = erasing::erase(app, place, Eraser::Owner).await;
    match erased.map_err(erasing::Trouble::into_problem)? {
        Some(_) => Ok(Response::no_content()),
        None => Err(problems::no_such_photo(id)),
    }
}
