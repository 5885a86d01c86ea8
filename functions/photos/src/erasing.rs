//! Erasing one photo: the state first, so that from then on nobody is served and no pipeline can bring it back,
//! then everything that showed it.

use crate::app::App;
use crate::blobs::Removed;
use crate::domain::{Actor, Photo, PhotoState};
use crate::problems;
use crate::settling;
use crate::store::Whereabouts;
use custom_handler::Problem;
use iommi_app::{CosmosFailure, Kept, Refusal, StorageFailure, pause};

/// How often the state is written again because others change the photo meanwhile.
const MAX_TRIES: u32 = 12;

/// Who erases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Eraser {
    Owner,
    /// With the profile.
    Erasure,
}

/// Why the photo is not (wholly) erased; erasing again finishes it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("others kept changing the photo")]
    Busy,
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
}

impl Trouble {
    pub(crate) fn into_problem(self) -> Problem {
        match self {
            Self::Busy => problems::busy(),
            Self::Cosmos(failure) => problems::unavailable(failure),
            Self::Storage(failure) => problems::storage_unavailable(failure),
        }
    }
}

/// What was removed; `None` if there never was such a photo.
pub(crate) async fn erase(
    app: &App,
    place: Whereabouts,
    by: Eraser,
) -> Result<Option<Removed>, Trouble> {
    let Some(photo) = mark(app, place, by).await? else { return Ok(None) };
    let removed = app.blobs.remove_all(place).await?;
    if let Err(error) = settling::settle(app, photo).await {
        tracing::warn!(%error, photo = %place.id, "the sweep finishes what follows from the erasure");
    }
    Ok(Some(removed))
}

async fn mark(app: &App, place: Whereabouts, by: Eraser) -> Result<Option<Kept<Photo>>, Trouble> {
    for tries in 0..MAX_TRIES {
        let Some(current) = app.photos.read(place).await? else { return Ok(None) };
        if current.value.state == PhotoState::Erased {
            return Ok(Some(current));
        }
        let actor = match by {
            Eraser::Owner => Actor::Owner,
            Eraser::Erasure => Actor::Erasure,
        };
        let erased = current.value.erased(actor, app.clock.now());
        let erased = erased.expect("every state but erased may become erased");
        match app.photos.replace(&current, erased).await {
            Ok(kept) => return Ok(Some(kept)),
            Err(Refusal::Changed) => pause(tries).await,
            Err(Refusal::Failed(failure)) => return Err(failure.into()),
        }
    }
    Err(Trouble::Busy)
}
