//! `v1/profiles/{profileId}/photos`

use crate::app::App;
use crate::domain::{ContentType, Photo, PhotoId, ProfileId, Ticket, parse_length};
use crate::erasing::Eraser;
use crate::problems;
use crate::shown::{Shown, entity_tag};
use custom_handler::{Problem, Request, Response};
use iommi_app::{Kept, Page, UploadUrl};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, num::NonZeroU32};
use uuid::Uuid;

/// Most photos of a profile, erased ones not counted.
const MAX_PHOTOS: NonZeroU32 = NonZeroU32::new(200).expect("200 is not zero");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wish {
    content_type: String,
    content_length: u64,
}

#[derive(Debug, Serialize)]
struct Ticketed<'a> {
    #[serde(flatten)]
    photo: Shown<'a>,
    upload: Upload,
}

/// What the client does next.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Upload {
    url: String,
    method: &'static str,
    headers: BTreeMap<String, String>,
    expires_at: Timestamp,
}

/// GET: the profile's photos, in the order of their tickets.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ProfileId = request.param("profileId")?;
    let page = Page::of(&app.continuation, &format!("photos of {id}"), request.query()?)?;
    let after = page.after.as_deref().and_then(|id| id.parse().ok());
    let photos = app.photos.of_profile(id, after, page.fetch()).await;
    let photos = photos.map_err(problems::unavailable)?;
    let shown = photos.iter().map(Shown::of).collect();
    page.answer(&app.continuation, shown, Shown::position)
}

/// POST: a ticket, that is a new photo and the URL to upload it to.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let profile_id: ProfileId = request.param("profileId")?;
    let wish: Wish = request.json()?;
    let now = app.clock.now();
    let ticket = ticket(&wish, now)?;
    admit(app, profile_id, &request).await?;
    let id = PhotoId::from(Uuid::now_v7());
    let traceparent = request.trace().traceparent();
    let photo = Photo::requested(id, profile_id, ticket, traceparent, now);
    let url = app.blobs.upload_url(&photo).await.map_err(problems::storage_unavailable)?;
    let photo = app.photos.create(photo).await.map_err(problems::not_changed)?;
    // Once more, now that an erasure would see us: it writes its record first and then looks for photos.
    if let Err(problem) = still_there(app, profile_id).await {
        take_back(app, photo).await?;
        return Err(problem);
    }
    let location = crate::PHOTO.url(&[("photoId", &id.to_string())]);
    let photo = &photo.value;
    let ticketed = Ticketed { photo: Shown::of(photo), upload: upload(url, photo) };
    Ok(Response::created(&ticketed, location).etag(entity_tag(photo)).cache_control("no-store"))
}

fn ticket(wish: &Wish, now: Timestamp) -> Result<Ticket, Problem> {
    let content_type = wish.content_type.parse::<ContentType>();
    let content_length = parse_length(wish.content_length);
    match (content_type, content_length) {
        (Ok(content_type), Ok(length)) => Ok(Ticket::new(content_type, length, now)),
        (content_type, length) => {
            let errors = [("/contentType", content_type.err()), ("/contentLength", length.err())];
            let errors = errors.into_iter().filter_map(|(at, error)| Some((at, error?)));
            Err(problems::invalid_body(errors.collect()))
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
    let photos = app.photos.of_profile(id, None, MAX_PHOTOS).await;
    if photos.map_err(problems::unavailable)?.len() >= MAX_PHOTOS.get() as usize {
        return Err(problems::too_many_photos(MAX_PHOTOS.get()));
    }
    Ok(())
}

/// Our own record of erasures counts, also while `profiles` is late or wrong.
async fn still_there(app: &App, id: ProfileId) -> Result<(), Problem> {
    match app.erasures.read(id).await.map_err(problems::unavailable)? {
        Some(_) => Err(problems::no_such_profile(id)),
        None => Ok(()),
    }
}

async fn take_back(app: &App, photo: Kept<Photo>) -> Result<(), Problem> {
    let place = crate::store::Whereabouts::of(&photo.value);
    let erased = crate::erasing::erase(app, place, Eraser::Erasure).await;
    erased.map(drop).map_err(crate::erasing::Trouble::into_problem)
}

fn upload(url: UploadUrl, photo: &Photo) -> Upload {
    Upload {
        url: url.url,
        method: url.method,
        headers: url.headers.into_iter().collect(),
        expires_at: photo.ticket.expires_at,
    }
}
