//! `v1/profiles/{profileId}/photos`

use crate::app::App;
use crate::domain::{ContentType, Photo, PhotoId, ProfileId, Ticket, parse_length};
use crate::lookup;
use crate::problems;
use crate::store::Closed;
use crate::views::photo::PhotoView;
use crate::views::ticket::TicketView;
use custom_handler::{Function, Problem, Request, Response, function};
use jiff::Timestamp;
use public_api::lists::Page;
use public_api::problems::{not_changed, storage_unavailable, unavailable};
use public_api::versions::entity_tag;
use serde::Deserialize;
use std::num::NonZeroU32;
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// Most photos of a profile; neither erased ones nor tickets that were not used in time count.
const MAX_PHOTOS: NonZeroU32 = NonZeroU32::new(200).expect("200 is not zero");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wish {
    content_type: String,
    content_length: u64,
}

/// GET: the profile's photos, in the order of their tickets.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ProfileId = request.param("profileId")?;
    let page = Page::of(&app.continuation, &format!("photos of {id}"), request.query()?)?;
    if !lookup::is_for(app, &request, id) {
        return page.answer(&app.continuation, Vec::new(), PhotoView::position);
    }
    let after = page.after.as_deref().and_then(|id| id.parse().ok());
    let photos = app.photos.of_profile(id, after, page.fetch()).await;
    let photos = photos.map_err(unavailable)?;
    let shown = photos.iter().map(PhotoView::of).collect();
    page.answer(&app.continuation, shown, PhotoView::position)
}

/// POST: a ticket, that is a new photo and the URL to upload it to.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let profile_id: ProfileId = request.param("profileId")?;
    if !lookup::is_for(app, &request, profile_id) {
        return Err(problems::no_such_profile(profile_id));
    }
    let wish: Wish = request.json()?;
    let now = app.clock.now();
    let ticket = ticket(&wish, now)?;
    admit(app, profile_id, &request).await?;
    let id = PhotoId::from(Uuid::now_v7());
    let traceparent = request.trace().traceparent();
    let photo = Photo::requested(id, profile_id, ticket, traceparent, now);
    let url = app.blobs.upload_url(&photo).await.map_err(storage_unavailable)?;
    let photo = app.erasures.admit(photo).await;
    let photo = photo
        .map_err(|error| not_changed(error, |Closed| problems::no_such_profile(profile_id)))?;
    let location = crate::functions::photo::FUNCTION.url(&[("photoId", &id.to_string())]);
    let photo = &photo.value;
    let ticket = TicketView::of(photo, url);
    Ok(Response::created(&ticket, location)
        .etag(entity_tag(photo.revision))
        .cache_control("no-store"))
}

fn ticket(wish: &Wish, now: Timestamp) -> Result<Ticket, Problem> {
    let content_type = wish.content_type.parse::<ContentType>();
    let content_length = parse_length(wish.content_length);
    match (content_type, content_length) {
        (Ok(content_type), Ok(length)) => Ok(Ticket::new(content_type, length, now)),
        (content_type, length) => {
            let errors = [("/contentType", content_type.err()), ("/contentLength", length.err())];
            let errors = errors.into_iter().filter_map(|(at, error)| Some((at, error?)));
            Err(problems::invalid_body(errors))
        }
    }
}

/// Whether the profile may have another photo.
async fn admit(app: &App, id: ProfileId, request: &Request) -> Result<(), Problem> {
    still_there(app, id).await?;
    match app.profiles.exists(id, request.trace()).await {
        Ok(true) => {}
        Ok(false) => return Err(problems::no_such_profile(id)),
        Err(error) => return Err(problems::profiles_unavailable(error)),
    }
    let photos = app.photos.count(id, app.clock.now(), MAX_PHOTOS).await;
    if photos.map_err(unavailable)? >= MAX_PHOTOS.get() as usize {
        return Err(problems::too_many_photos(MAX_PHOTOS.get()));
    }
    Ok(())
}

/// Our own record of erasures counts, also while `profiles` is late or wrong.
async fn still_there(app: &App, id: ProfileId) -> Result<(), Problem> {
    if app.erasures.is_begun(id).await.map_err(unavailable)? {
        return Err(problems::no_such_profile(id));
    }
    Ok(())
}
