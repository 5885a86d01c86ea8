//! What the sweep does with one photo that is due.

use crate::app::App;
use crate::blobs::Shelf;
use crate::check;
use crate::domain::{Photo, PhotoState};
use crate::settling::{self, Unsettled};
use crate::store::Whereabouts;
use iommi_app::{CosmosFailure, Kept, Refusal, StorageFailure};
use jiff::SignedDuration;

/// After this time the sweep looks again whether a photo that it sent to be checked is decided.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(5);

#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error(transparent)]
    Unsettled(#[from] Unsettled),
}

/// The photo is read again: it may have moved on since the sweep looked.
pub(super) async fn step(app: &App, place: Whereabouts) -> Result<(), Trouble> {
    let Some(photo) = app.photos.read(place).await? else { return Ok(()) };
    let now = app.clock.now();
    if photo.value.sweep_after.is_none_or(|after| after > now.as_second()) {
        return Ok(());
    }
    match photo.value.state {
        PhotoState::AwaitingUpload => unused(app, photo).await,
        PhotoState::Checking => stuck(app, photo).await,
        _ if !photo.value.duties.is_empty() => Ok(settling::settle(app, photo).await?),
        _ => tidy(app, photo).await,
    }
}

/// The ticket was not used, or the event of its upload was lost.
async fn unused(app: &App, photo: Kept<Photo>) -> Result<(), Trouble> {
    let place = Whereabouts::of(&photo.value);
    if app.blobs.has_upload(place).await? {
        return stuck(app, photo).await;
    }
    let Ok(expired) = photo.value.expired(app.clock.now()) else { return Ok(()) };
    write(app, &photo, expired).await
}

/// Nobody is at it: the pipeline runs again.
async fn stuck(app: &App, photo: Kept<Photo>) -> Result<(), Trouble> {
    let place = Whereabouts::of(&photo.value);
    app.checks.send(&check::message_for(place)).await?;
    let sweep_after = Some((app.clock.now() + LOOK_AGAIN).as_second());
    write(app, &photo, Photo { sweep_after, ..photo.value.clone() }).await
}

/// Long enough after the last change that nobody is at work on it: blobs go where they belong.
async fn tidy(app: &App, photo: Kept<Photo>) -> Result<(), Trouble> {
    let place = Whereabouts::of(&photo.value);
    let now = app.clock.now();
    if !photo.value.needs_upload() {
        app.blobs.remove_upload(place).await?;
    }
    match photo.value.state {
        PhotoState::Erased | PhotoState::Expired => drop(app.blobs.remove_all(place).await?),
        _ if photo.value.is_past_keeping(now) => {
            app.blobs.remove_variants(place.id).await?;
        }
        state => app.blobs.move_home(Shelf::of(state), place.id).await?,
    }
    write(app, &photo, photo.value.tidied(now)).await
}

/// If somebody changes the photo at the same moment, the next sweep looks again.
async fn write(app: &App, current: &Kept<Photo>, changed: Photo) -> Result<(), Trouble> {
    match app.photos.replace(current, changed).await {
        Ok(_) | Err(Refusal::Changed) => Ok(()),
        Err(Refusal::Failed(failure)) => Err(failure.into()),
    }
}
