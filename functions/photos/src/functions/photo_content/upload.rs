//! Uploading through the API, for clients that cannot send to Blob Storage. It ends in the same blob, the same
//! event and the same function.

use crate::app::App;
use crate::digest::digest;
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
    let photo = lookup::photo(app, &request, id).await?.value;
    let waits = photo.state == PhotoState::AwaitingUpload;
    if !waits || photo.ticket.is_expired(app.clock.now()) {
        return repeated(app, photo, &request).await;
    }
    check(&photo, &request)?;
    let content = request.body().clone();
    let uploaded = app.blobs.upload(photo.key(), content, photo.ticket.content_type);
    match uploaded.await {
        Ok(()) => Ok(accepted(&photo)),
        Err(BlobRefusal::Exists) => {
            // It may be decided by now.
            let current = lookup::photo(app, &request, id).await?.value;
            repeated(app, current, &request).await
        }
        Err(BlobRefusal::Failed(failure)) => Err(storage_unavailable(failure)),
    }
}

fn accepted(photo: &Photo) -> Response {
    Response::accepted(&PhotoView::of(photo)).etag(entity_tag(photo.revision))
}

/// The photo has its upload, or its time is over. Whoever sends what was uploaded once more did not hear that it was
/// taken, and hears it now.
async fn repeated(app: &App, photo: Photo, request: &Request) -> Result<Response, Problem> {
    let is_same = match &photo.upload_digest {
        Some(known) => *known == digest(request.body()),
        None => {
            let uploaded = app.blobs.uploaded(photo.key()).await.map_err(storage_unavailable)?;
            uploaded.is_some_and(|blob| blob.content == *request.body())
        }
    };
    if is_same && check(&photo, request).is_ok() {
        return Ok(accepted(&photo));
    }
    let state = match photo.state {
        PhotoState::AwaitingUpload if photo.ticket.is_expired(app.clock.now()) => {
            PhotoState::Expired
        }
        PhotoState::AwaitingUpload => PhotoState::Checking,
        state => state,
    };
    Err(problems::upload_not_expected(state))
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
