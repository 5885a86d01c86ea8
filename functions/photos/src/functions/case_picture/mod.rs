//! `moderation/v1/cases/{caseId}/picture/{variant}`

use crate::app::App;
use crate::domain::{CaseId, PhotoState, Variant};
use crate::lookup;
use crate::moderation::ROLE;
use crate::problems;
use crate::store::PictureContainer;
use custom_handler::{Function, Problem, Request, Response, function, header};
use public_api::problems::{storage_unavailable, unavailable};
use staff_pages::Principal;

pub(crate) const FUNCTION: Function = function!();

/// GET: the picture as a moderator must see it, kept in no cache.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    Principal::with_role(&request, ROLE)?;
    let id: CaseId = request.param("caseId")?;
    let variant: Variant = request.param("variant")?;
    let case = lookup::case(app, &id).await?.value;
    let key = case.photo_key();
    let photo = app.photos.read(key).await.map_err(unavailable)?;
    let photo = photo.filter(|photo| photo.value.state != PhotoState::Erased);
    let photo = photo.ok_or_else(problems::no_picture)?.value;
    let picture = photo.picture.as_ref().ok_or_else(problems::no_picture)?;
    let stored = picture.variant(variant);
    let range = 0..stored.bytes;
    let bytes = app.blobs.read(PictureContainer::of(photo.state), key.id, variant, range).await;
    let bytes = bytes.map_err(storage_unavailable)?.ok_or_else(problems::no_picture)?;
    Ok(Response::bytes(&stored.content_type, bytes)
        .cache_control("no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
}
