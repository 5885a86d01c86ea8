//! `moderation/v1/cases/{caseId}/picture/{variant}`

use crate::app::App;
use crate::blobs::Shelf;
use crate::domain::{CaseId, PhotoState, Variant};
use crate::moderation::{self, ROLE};
use crate::problems;
use crate::store::Whereabouts;
use custom_handler::{Problem, Request, Response, header};
use iommi_app::Principal;

/// GET: the picture as a moderator must see it, kept in no cache.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    Principal::with_role(&request, ROLE)?;
    let id: CaseId = request.param("caseId")?;
    let variant: Variant = request.param("variant")?;
    let case = moderation::read(app, &id).await?.value;
    let place = Whereabouts { id: case.photo_id, profile_id: case.profile_id };
    let photo = app.photos.read(place).await.map_err(problems::unavailable)?;
    let photo = photo.filter(|photo| photo.value.state != PhotoState::Erased);
    let photo = photo.ok_or_else(problems::no_picture)?.value;
    let picture = photo.picture.as_ref().ok_or_else(problems::no_picture)?;
    let stored = picture.variant(variant);
    let range = 0..stored.bytes;
    let bytes = app.blobs.read(Shelf::of(photo.state), place.id, variant, range).await;
    let bytes = bytes.map_err(problems::storage_unavailable)?.ok_or_else(problems::no_picture)?;
    Ok(Response::bytes(&stored.content_type, bytes)
        .cache_control("no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
}
