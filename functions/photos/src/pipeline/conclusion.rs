//! The end of a run: the blobs first, then the state on condition that nobody changed it, then what follows. Only
//! the state makes a picture visible, so a run that stops in between, or loses, has shown nothing.

use super::finding::{Finding, Hindrance};
use super::outcome::{RunError, RunOutcome};
use crate::app::App;
use crate::domain::{Photo, PhotoKey, PhotoState};
use crate::figures::{self, Decider};
use crate::settling;
use crate::store::PictureContainer;
use azure_data::{Item, WriteError};
use rand::Rng as _;

pub(super) async fn conclude(
    app: &App,
    photo: Item<Photo>,
    finding: Finding,
) -> Result<RunOutcome, RunError> {
    let key = photo.value.key();
    let state = finding.check.to.state();
    app.blobs.store(PictureContainer::of(state), key.id, &finding.contents).await?;
    let checked = photo.value.checked(finding.check, app.clock.now());
    let Ok(checked) = checked else { return Ok(RunOutcome::NothingToDo) };
    let upload_digest = finding.upload_digest.or_else(|| checked.upload_digest.clone());
    let checked = Photo { upload_digest, ..checked };
    let decided = match app.photos.replace(&photo, checked).await {
        Ok(decided) => decided,
        Err(WriteError::Conflict) => return lost(app, key).await,
        Err(WriteError::Failed(failure)) => return Err(failure.into()),
    };
    figures::decided(state, Decider::Pipeline);
    let keep_upload = decided.value.needs_upload();
    if let Err(error) = settling::settle(app, decided).await {
        tracing::warn!(%error, photo = %key.id, "the sweep finishes what follows from a decision");
    }
    if !keep_upload && let Err(error) = app.blobs.remove_upload(key).await {
        tracing::warn!(%error, photo = %key.id, "the sweep removes the upload");
    }
    Ok(RunOutcome::Decided(state))
}

/// Somebody was faster. What another run decided is served from the same blobs; what was erased must not have any.
async fn lost(app: &App, key: PhotoKey) -> Result<RunOutcome, RunError> {
    let current = app.photos.read(key).await?;
    if current.is_none_or(|current| current.value.state == PhotoState::Erased) {
        app.blobs.remove_all(key).await?;
    }
    Ok(RunOutcome::NothingToDo)
}

/// Arranges another run, or gives the photo to a person if there is no more time.
pub(super) async fn postpone(
    app: &App,
    photo: Item<Photo>,
    hindrance: Hindrance,
) -> Result<RunOutcome, RunError> {
    let now = app.clock.now();
    let Some(checking) = photo.value.checking else { return Ok(RunOutcome::NothingToDo) };
    let checking = match hindrance.decoder_stopped {
        true => checking.with_decoder_stopped(),
        false => checking,
    };
    if checking.is_never_decoded() {
        tracing::error!(photo = %photo.value.id, "the decoding of a photo is ended every time: a person looks");
    }
    if app.schedule.is_over(checking.since, now) || checking.is_never_decoded() {
        return conclude(app, photo, hindrance.instead).await;
    }
    let random = rand::rng().random();
    let asked_for = hindrance.retry_after.and_then(|wait| wait.try_into().ok()).unwrap_or_default();
    let pause = app.schedule.pause(&checking, asked_for, now, random);
    match app.photos.replace(&photo, photo.value.run_postponed(checking, pause, now)).await {
        Ok(_) => {}
        Err(WriteError::Conflict) => return Ok(RunOutcome::NothingToDo),
        Err(WriteError::Failed(failure)) => return Err(failure.into()),
    }
    let key = photo.value.key();
    let sent = app.checks.send(key, pause.unsigned_abs()).await;
    if let Err(error) = sent {
        tracing::warn!(%error, photo = %key.id, "the sweep sends the photo to be checked again");
    }
    Ok(RunOutcome::Postponed)
}
