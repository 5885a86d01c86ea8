//! One run, from its begin to its end.

use super::finding::{Finding, Hindrance};
use super::outcome::{RunError, RunOutcome};
use super::{conclusion, examination, start};
use crate::app::App;
use crate::domain::{Photo, PhotoKey, PhotoState, RUN_DEADLINE, Reason};
use azure_data::Item;
use custom_handler::{Invocation, TraceContext};
use tokio::time::timeout;
use tracing::Instrument;

/// One run of the pipeline for the photo.
pub(crate) async fn run(
    app: &App,
    key: PhotoKey,
    invocation: &Invocation,
) -> Result<RunOutcome, RunError> {
    // Before the lease begins: who waits holds nothing, neither memory nor a photo.
    let _place = app.places.take(key.profile_id).await?;
    let Some(photo) = start::begin(app, key).await? else { return Ok(RunOutcome::NothingToDo) };
    let item = invocation.item(photo.value.traceparent.as_deref(), None);
    let ended = leased(app, photo, item.trace()).instrument(item.span()).await;
    if ended.is_err() {
        item.failed("again");
    }
    ended
}

/// A run for a photo that is leased to it, in the trace of its ticket.
async fn leased(
    app: &App,
    photo: Item<Photo>,
    trace: &TraceContext,
) -> Result<RunOutcome, RunError> {
    if photo.value.checking.is_some_and(|checking| checking.is_hopeless()) {
        tracing::error!(photo = %photo.value.id, "runs for a photo die one after the other: a person looks");
        let finding = Finding::without_picture(Reason::NOT_PROCESSED);
        return conclusion::conclude(app, photo, finding).await;
    }
    let leased = photo.clone();
    match timeout(RUN_DEADLINE, Box::pin(once(app, photo, trace))).await {
        Ok(ended) => ended,
        Err(_) => {
            let hindrance = Hindrance::before_decoding("the run took too long");
            conclusion::postpone(app, leased, hindrance).await
        }
    }
}

async fn once(app: &App, photo: Item<Photo>, trace: &TraceContext) -> Result<RunOutcome, RunError> {
    let examined = Box::pin(examination::examine(app, &photo.value, trace)).await;
    match examined {
        Ok(finding) => conclusion::conclude(app, photo, finding).await,
        Err(hindrance) => {
            let id = photo.value.id;
            tracing::warn!(photo = %id, because = hindrance.why, "a photo waits to be checked");
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
