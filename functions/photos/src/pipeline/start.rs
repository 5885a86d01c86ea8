//! The begin of a run: one at a time for each photo, and only for photos that wait for one.

use super::outcome::RunError;
use crate::app::App;
use crate::domain::{Photo, PhotoKey, PhotoState};
use crate::settling;
use azure_data::{Attempt, Item, READS_MAY_BE_OLD_FOR, StorageFailure, retry_conflicts};
use std::convert::Infallible;

/// What to do about a photo for which a run was asked.
enum Start {
    /// It is leased to this run.
    Begun(Item<Photo>),
    /// There is no such photo.
    Unknown,
    /// There may be one, of which this copy of the data does not know yet.
    NotSeenYet,
    /// It is decided.
    Decided(Item<Photo>),
    /// Another run is at it, or its upload is not there yet.
    NothingToDo,
    Failed(StorageFailure),
}

/// The photo, leased to this run; `None` if there is nothing to do.
pub(super) async fn begin(app: &App, key: PhotoKey) -> Result<Option<Item<Photo>>, RunError> {
    let what = format!("leasing photo {}", key.id);
    match retry_conflicts(&what, || lease(app, key)).await? {
        Start::Begun(photo) => return Ok(Some(photo)),
        Start::Unknown => drop(app.blobs.remove_upload(key).await?),
        Start::Decided(photo) => clean_up(app, photo).await?,
        Start::NothingToDo => {}
        Start::NotSeenYet => return Err(RunError::NotSeenYet),
        Start::Failed(failure) => return Err(failure.into()),
    }
    Ok(None)
}

async fn lease(app: &App, key: PhotoKey) -> Result<Start, Attempt<Infallible>> {
    let Some(current) = app.photos.read(key).await? else {
        // This copy of the data may be older than the ticket.
        let young = key.id.is_younger_than(READS_MAY_BE_OLD_FOR, app.clock.now());
        return Ok(if young { Start::NotSeenYet } else { Start::Unknown });
    };
    match current.value.state {
        PhotoState::Checking => {}
        // An event may come long after its blob.
        PhotoState::AwaitingUpload => match app.blobs.has_upload(key).await {
            Ok(true) => {}
            Ok(false) => return Ok(Start::NothingToDo),
            Err(failure) => return Ok(Start::Failed(failure)),
        },
        _ => return Ok(Start::Decided(current)),
    }
    let begun = current.value.run_begun(app.clock.now());
    let Some(begun) = begun.expect("both states may become checking") else {
        return Ok(Start::NothingToDo);
    };
    Ok(Start::Begun(app.photos.replace(&current, begun).await?))
}

/// The photo is decided: what the run that decided left behind, or a second upload with the same ticket.
async fn clean_up(app: &App, photo: Item<Photo>) -> Result<(), RunError> {
    if !photo.value.needs_upload() {
        app.blobs.remove_upload(photo.value.key()).await?;
    }
    if let Err(error) = settling::settle(app, photo).await {
        tracing::warn!(%error, "the sweep finishes what follows from a decision");
    }
    Ok(())
}
