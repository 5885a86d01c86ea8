//! From an upload to a decision. The functions `uploaded` and `check` both run it, as often as they are called:
//! whatever was done before is found in the photo's document.

mod conclusion;
mod examination;
mod picture_of;
mod start;

use crate::app::App;
use crate::domain::{PhotoState, Reason};
use crate::store::Whereabouts;
use custom_handler::{Failure, Invocation};
use examination::Finding;
use iommi_app::{CosmosFailure, Kept, StorageFailure};
use std::time::Duration;
use tokio::time::timeout;

/// Photos that are in memory at the same time: each is up to 12 MiB of upload and what is made of it.
pub(crate) const MAX_IN_HAND: usize = 3;
/// How long a run waits until others are through.
const MAX_WAIT: Duration = Duration::from_secs(90);

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Decided(PhotoState),
    /// To be tried again later, which is arranged.
    Postponed,
    /// There was nothing to do: it is decided or erased already, or another run is at it.
    NothingToDo,
}

/// The run came to no end that is known; the same message is to come again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stopped {
    #[error("no place was free within {} s", MAX_WAIT.as_secs())]
    Crowded,
    #[error("others kept changing the photo")]
    Busy,
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        Self::again(stopped)
    }
}

/// One run of the pipeline for the photo.
pub(crate) async fn run(
    app: &App,
    place: Whereabouts,
    invocation: &mut Invocation,
) -> Result<Ended, Stopped> {
    // Before the lease begins: who waits holds nothing, neither memory nor a photo.
    let hand = timeout(MAX_WAIT, app.in_hand.acquire()).await;
    let Ok(Ok(_hand)) = hand else { return Err(Stopped::Crowded) };
    let Some(photo) = start::begin(app, place).await? else { return Ok(Ended::NothingToDo) };
    if let Some(parent) = &photo.value.traceparent {
        invocation.continue_trace(parent, None);
    }
    let examined = Box::pin(examination::examine(app, &photo.value, invocation.trace())).await;
    match examined {
        Ok(finding) => conclusion::conclude(app, photo, finding).await,
        Err(hindrance) => {
            tracing::warn!(photo = %place.id, because = hindrance.why, "a photo waits to be checked");
            conclusion::postpone(app, photo, hindrance).await
        }
    }
}

/// Gives the photo to a person, because our own pipeline cannot do its part. The upload stays until then.
pub(crate) async fn give_up(app: &App, place: Whereabouts) -> Result<(), Stopped> {
    let Some(photo) = app.photos.read(place).await? else { return Ok(()) };
    let photo: Kept<_> = match photo.value.state {
        PhotoState::Checking => photo,
        PhotoState::AwaitingUpload => match start::begin(app, place).await? {
            Some(begun) => begun,
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    let finding = Finding::without_picture(Reason::NOT_PROCESSED);
    conclusion::conclude(app, photo, finding).await.map(drop)
}
