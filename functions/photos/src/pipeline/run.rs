//! One run, from its begin to its end.

use super::finding::Finding;
use super::outcome::{RunError, RunOutcome};
use super::{conclusion, examination, start};
use crate::app::App;
use crate::domain::{PhotoKey, PhotoState, Reason};
use custom_handler::Invocation;
use std::time::Duration;
use tokio::time::timeout;

/// How long a run waits until others are through.
const MAX_WAIT: Duration = Duration::from_secs(90);

/// One run of the pipeline for the photo.
pub(crate) async fn run(
    app: &App,
    key: PhotoKey,
    invocation: &mut Invocation,
) -> Result<RunOutcome, RunError> {
    // Before the lease begins: who waits holds nothing, neither memory nor a photo.
    let hand = timeout(MAX_WAIT, app.in_hand.acquire()).await;
    let Ok(Ok(_hand)) = hand else { return Err(RunError::Crowded(MAX_WAIT.as_secs())) };
    let Some(photo) = start::begin(app, key).await? else { return Ok(RunOutcome::NothingToDo) };
    if let Some(parent) = &photo.value.traceparent {
        invocation.continue_trace(parent, None);
    }
    let examined = Box::pin(examination::examine(app, &photo.value, invocation.trace())).await;
    match examined {
        Ok(finding) => conclusion::conclude(app, photo, finding).await,
        Err(hindrance) => {
            tracing::warn!(photo = %key.id, because = hindrance.why, "a photo waits to be checked");
            conclusion::postpone(app, photo, hindrance).await
        }
    }
}

/// Gives the photo to a person, because our own pipeline cannot do its part. The upload stays until then.
pub(crate) async fn give_up(app: &App, key: PhotoKey) -> Result<(), RunError> {
    let Some(photo) = app.photos.read(key).await? else { return Ok(()) };
    let photo = match photo.value.state {
        PhotoState::Checking => photo,
        PhotoState::AwaitingUpload => match start::begin(app, key).await? {
            Some(begun) => begun,
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    let finding = Finding::without_picture(Reason::NOT_PROCESSED);
    conclusion::conclude(app, photo, finding).await.map(drop)
}
