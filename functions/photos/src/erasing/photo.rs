//! Erasing one photo: the state first, so that from then on nobody is served and no pipeline can bring it back,
//! then everything that showed it.

use crate::app::App;
use crate::domain::{Actor, Duty, Photo, PhotoKey, PhotoState};
use crate::memory;
use crate::settling;
use crate::store::{KnownImagesError, Removed};
use azure_data::{Attempt, ChangeError, CosmosFailure, Item, StorageFailure, retry_conflicts};
use custom_handler::Problem;
use public_api::problems::{not_answering, not_changed, storage_unavailable, unavailable};
use std::convert::Infallible;
use std::time::Duration;

/// When to come back if the memory of pictures does not answer.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Why the photo is not (wholly) erased; erasing again finishes it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EraseError {
    #[error(transparent)]
    Photo(#[from] ChangeError<Infallible>),
    #[error(transparent)]
    Unreadable(#[from] CosmosFailure),
    #[error(transparent)]
    KnownImages(KnownImagesError),
    #[error(transparent)]
    Blobs(#[from] StorageFailure),
}

impl From<EraseError> for Problem {
    fn from(error: EraseError) -> Self {
        match error {
            EraseError::Photo(error) => not_changed(error, |never| match never {}),
            EraseError::Unreadable(failure) => unavailable(failure),
            EraseError::KnownImages(error) => {
                not_answering("the data store", RETRY_AFTER).because(error)
            }
            EraseError::Blobs(failure) => storage_unavailable(failure),
        }
    }
}

/// What was removed; `None` if there never was such a photo. `by`: its owner, or the erasure of the profile.
pub(crate) async fn erase(
    app: &App,
    key: PhotoKey,
    by: Actor,
) -> Result<Option<Removed>, EraseError> {
    let what = format!("erasing photo {}", key.id);
    let Some(photo) = retry_conflicts(&what, || mark(app, key, &by)).await.map_err(refused)? else {
        return Ok(None);
    };
    let removed = app.blobs.remove_all(key).await?;
    if let Err(error) = settling::settle(app, photo).await {
        tracing::warn!(%error, photo = %key.id, "the sweep finishes what follows from the erasure");
    }
    Ok(Some(removed))
}

fn refused(error: ChangeError<EraseError>) -> EraseError {
    match error {
        ChangeError::Refused(error) => error,
        ChangeError::Exhausted(error) => EraseError::Photo(error.into()),
        ChangeError::Failed(error) => EraseError::Photo(error.into()),
    }
}

async fn mark(
    app: &App,
    key: PhotoKey,
    by: &Actor,
) -> Result<Option<Item<Photo>>, Attempt<EraseError>> {
    let Some(current) = app.photos.read(key).await? else { return Ok(None) };
    if current.value.state == PhotoState::Erased {
        return Ok(Some(current));
    }
    if current.value.duties.contains(&Duty::Forget) {
        // The hashes go with the picture: afterwards nobody could find what was remembered of it.
        memory::forget(app, &current.value)
            .await
            .map_err(|error| Attempt::Refused(EraseError::KnownImages(error)))?;
    }
    let erased = current.value.erased(by.clone(), app.clock.now());
    let erased = erased.expect("every state but erased may become erased");
    Ok(Some(app.photos.replace(&current, erased).await?))
}
