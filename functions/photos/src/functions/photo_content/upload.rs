//! Uploading through the API, for clients that cannot send to Blob Storage. It ends in the same blob, the same
//! event and the same function.

use crate::app::App;
use crate::domain::{Photo, PhotoId, PhotoState, Variant};
use crate::lookup;
use crate::problems;
use crate::views::photo::PhotoView;
use azure_data::BlobRefusal;
use custom_handler::{Problem, Request, Response};
use public_api::problems::storage_unavailable;
use public_api::versions::entity_tag;

/// Largest upload through the API, in bytes; larger ones go to Blob Storage directly.
pub(crate) const MAX_BODY_BYTES: usize = 6 * 1024 * 1024;

/// PUT: the upload for a ticket; 202, because it is not decided yet.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let id: PhotoId = request.param("photoId")?;
    let variant: Variant = request.param("variant")?;
    if variant != Variant::Original {
        return Err(Problem::invalid_parameter("variant", "only original can be uploaded"));
    }
    let photo = lookup::photo(app, id).await?.value;
    if photo.state != PhotoState::AwaitingUpload {
        return Err(problems::upload_not_expected(photo.state));
    }
    if photo.ticket.is_expired(app.clock.now()) {
        return Err(problems::upload_not_expected(PhotoState::Expired));
    }
    check(&photo, &request)?;
    let content = request.body().clone();
    let uploaded = app.blobs.upload(photo.key(), content, photo.ticket.content_type);
    match uploaded.await {
        Ok(()) => Ok(Response::accepted(&PhotoView::of(&photo)).etag(entity_tag(photo.revision))),
        Err(BlobRefusal::Exists) => Err(problems::upload_not_expected(PhotoState::Checking)),
        Err(BlobRefusal::Failed(failure)) => Err(storage_unavailable(failure)),
    }
}

fn check(photo: &Photo, request: &Request) -> Result<(), Problem> {
    let ticket = &photo.ticket;
    let given = request.header("content-type").unwrap_or_default();
    if !given.eq_ignore_ascii_case(ticket.content_type.as_str()) {
        return Err(problems::upload_differs("Content-Type", ticket.content_type.to_string()));
    }
    if request.body().len() as u64 != ticket.content_length {
        return Err(problems::upload_differs("Content-Length", ticket.content_length.to_string()));
    }
    Ok(())
}
