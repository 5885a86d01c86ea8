//! What the sweep does with one photo that is due.

use crate::app::App;
use crate::domain::PhotoKey;
use crate::domain::{Photo, PhotoState};
use crate::memory;
use crate::settling::{self, SettleError};
use crate::store::{KnownImagesError, NotChanged};
use azure_data::{CosmosFailure, Item, StorageFailure, WriteError};
use jiff::SignedDuration;
use std::time::Duration;

/// After this time the sweep looks again whether a photo that it sent to be checked is decided.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(5);

#[derive(Debug, thiserror::Error)]
pub(super) enum SweepError {
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error(transparent)]
    Case(#[from] NotChanged),
    #[error(transparent)]
    KnownImages(#[from] KnownImagesError),
    #[error(transparent)]
    SettleError(#[from] SettleError),
}

/// What became of a photo that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stepped {
    Done,
    /// Somebody else was at it, or this copy of the data is an old one.
    Overtaken,
}

/// Makes sure that a photo in review has its case, and is looked at again.
pub(super) async fn watch(app: &App, key: PhotoKey) -> Result<Stepped, SweepError> {
    match app.photos.read(key).await? {
        Some(photo) if photo.value.state == PhotoState::Review => tidy(app, photo).await,
        _ => Ok(Stepped::Overtaken),
    }
}

/// The photo is read again: it may have moved on since the sweep looked.
pub(super) async fn step(app: &App, key: PhotoKey) -> Result<Stepped, SweepError> {
    let Some(photo) = app.photos.read(key).await? else { return Ok(Stepped::Overtaken) };
    let now = app.clock.now();
    if photo.value.due_at.is_none_or(|at| at > now) {
        return Ok(Stepped::Overtaken);
    }
    match photo.value.state {
        PhotoState::AwaitingUpload => unused(app, photo).await,
        PhotoState::Checking => stuck(app, photo).await,
        _ if !photo.value.duties.is_empty() => {
            settling::settle(app, photo).await?;
            Ok(Stepped::Done)
        }
        _ => tidy(app, photo).await,
    }
}

/// The ticket was not used, or the event of its upload was lost.
async fn unused(app: &App, photo: Item<Photo>) -> Result<Stepped, SweepError> {
    let key = photo.value.key();
    if app.blobs.has_upload(key).await? {
        return stuck(app, photo).await;
    }
    let Ok(expired) = photo.value.expired(app.clock.now()) else { return Ok(Stepped::Overtaken) };
    write(app, &photo, expired).await
}

/// Nobody is at it: the pipeline runs again.
async fn stuck(app: &App, photo: Item<Photo>) -> Result<Stepped, SweepError> {
    let key = photo.value.key();
    app.checks.send(key, Duration::ZERO).await?;
    let due_at = Some(app.clock.now() + LOOK_AGAIN);
    write(app, &photo, Photo { due_at, ..photo.value.clone() }).await
}

/// Long enough after the last change that nobody is at work on it: blobs go where they belong.
async fn tidy(app: &App, photo: Item<Photo>) -> Result<Stepped, SweepError> {
    let key = photo.value.key();
    let now = app.clock.now();
    if !photo.value.needs_upload() {
        app.blobs.remove_upload(key).await?;
    }
    match photo.value.state {
        PhotoState::Erased | PhotoState::Expired => drop(app.blobs.remove_all(key).await?),
        _ if photo.value.is_past_keeping(now) => {
            app.blobs.remove_variants(key.id).await?;
        }
        // It may have lost its case, or never got it.
        PhotoState::Review => app.cases.open(&photo.value, now).await?,
        _ => {}
    }
    if photo.value.was_rejected() && !photo.value.is_remembered() {
        // Whoever was still remembering it when the rejection was taken back is through by now, or dead.
        memory::forget(app, &photo.value).await?;
    }
    write(app, &photo, photo.value.tidied(now)).await
}

/// If somebody changes the photo at the same moment, the next sweep looks again.
async fn write(app: &App, current: &Item<Photo>, changed: Photo) -> Result<Stepped, SweepError> {
    match app.photos.replace(current, changed).await {
        Ok(_) => Ok(Stepped::Done),
        Err(WriteError::Conflict) => Ok(Stepped::Overtaken),
        Err(WriteError::Failed(failure)) => Err(failure.into()),
    }
}
