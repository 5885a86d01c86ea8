//! Showing a picture: only of a photo that its document, read for this very request, calls approved.

use super::range::{self, Wanted};
use crate::app::App;
use crate::domain::{Photo, PhotoId, Stored, Variant};
use crate::lookup;
use crate::problems;
use crate::store::PictureContainer;
use custom_handler::{EntityTag, Method, Problem, Request, Response, StatusCode, header};
use public_api::problems::storage_unavailable;
use std::ops::Range;

/// For the client's own cache only: in a shared one an erased photo would live on.
const CACHE_CONTROL: &str = "private, max-age=86400";

/// GET and HEAD: a variant of an approved photo, whole or in part.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: PhotoId = request.param("photoId")?;
    let variant: Variant = request.param("variant")?;
    let known = request.if_none_match()?;
    let photo = public(app, &request, id).await?;
    let stored = photo.picture.as_ref().map(|picture| picture.variant(variant));
    let stored = stored.ok_or_else(|| problems::no_such_photo(id))?;
    let tag = EntityTag::strong(stored.digest.clone()).map_err(Problem::internal)?;
    let response = match known {
        Some(known) if known.matches(&tag) => Response::not_modified(),
        _ if *request.method() == Method::HEAD => head(stored),
        _ => match range::wanted(&request, &tag, stored.bytes) {
            Wanted::Whole => content(app, id, variant, stored, 0..stored.bytes).await?,
            Wanted::Part(part) => partial(app, id, variant, stored, part).await?,
            Wanted::Nothing => return Err(problems::range_not_satisfiable(stored.bytes)),
        },
    };
    Ok(response
        .etag(tag)
        .cache_control(CACHE_CONTROL)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
}

async fn public(app: &App, request: &Request, id: PhotoId) -> Result<Photo, Problem> {
    let photo = lookup::photo(app, request, id).await?.value;
    if photo.is_public() { Ok(photo) } else { Err(problems::no_such_photo(id)) }
}

fn head(stored: &Stored) -> Response {
    Response::bytes(&stored.content_type, "").header(header::CONTENT_LENGTH, stored.bytes)
}

async fn content(
    app: &App,
    id: PhotoId,
    variant: Variant,
    stored: &Stored,
    range: Range<u64>,
) -> Result<Response, Problem> {
    let bytes = app.blobs.read(PictureContainer::Published, id, variant, range).await;
    match bytes.map_err(storage_unavailable)? {
        Some(bytes) => Ok(Response::bytes(&stored.content_type, bytes)),
        // Erased since we read the document.
        None => Err(problems::no_such_photo(id)),
    }
}

async fn partial(
    app: &App,
    id: PhotoId,
    variant: Variant,
    stored: &Stored,
    part: Range<u64>,
) -> Result<Response, Problem> {
    let range = format!("bytes {}-{}/{}", part.start, part.end - 1, stored.bytes);
    Ok(content(app, id, variant, stored, part)
        .await?
        .with_status(StatusCode::PARTIAL_CONTENT)
        .header(header::CONTENT_RANGE, range))
}
