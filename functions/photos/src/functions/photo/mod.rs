//! `v1/photos/{photoId}`

use crate::app::App;
use crate::domain::{Actor, PhotoId};
use crate::views::photo::PhotoView;
use crate::{erasing, lookup, problems};
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::versions::entity_tag;

pub(crate) const FUNCTION: Function = function!();

/// GET: what is known about the photo; 304 if `If-None-Match` names the current version.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: PhotoId = request.param("photoId")?;
    let known = request.if_none_match()?;
    let photo = lookup::photo(app, &request, id).await?.value;
    let tag = entity_tag(photo.revision);
    let response = match known {
        Some(known) if known.matches(&tag) => Response::not_modified(),
        _ => Response::ok(&PhotoView::of(&photo)),
    };
    Ok(response.etag(tag).cache_control("private, no-cache"))
}

/// DELETE: erases the photo. Erasing again changes nothing and finishes what was interrupted.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let id: PhotoId = request.param("photoId")?;
    let photo = lookup::photo_or_tombstone(app, &request, id).await?;
    match erasing::erase(app, photo.value.key(), Actor::Owner).await? {
        Some(_) => Ok(Response::no_content()),
        None => Err(problems::no_such_photo(id)),
    }
}
