//! The end of a run: the blobs first, then the state on condition that nobody changed it, then what follows. Only
//! the state makes a picture visible, so a run that stops in between, or loses, has shown nothing.

use super::examination::{Finding, Hindrance};
use super::{Ended, Stopped};
use crate::app::App;
use crate::blobs::Shelf;
use crate::check;
use crate::domain::{Photo, PhotoState};
use crate::settling;
use crate::store::Whereabouts;
use iommi_app::{Kept, Refusal};
use rand::Rng as _;

pub(super) async fn conclude(
    app: &App,
    photo: Kept<Photo>,
    finding: Finding,
) -> Result<Ended, Stopped> {
    let place = Whereabouts::of(&photo.value);
    let state = finding.check.to.state();
    app.blobs.store(Shelf::of(state), place.id, &finding.contents).await?;
    let checked = photo.value.checked(finding.check, app.clock.now());
    let Ok(checked) = checked else { return Ok(Ended::NothingToDo) };
    let decided = match app.photos.replace(&photo, checked).await {
        Ok(decided) => decided,
        Err(Refusal::Changed) => return lost(app, place).await,
        Err(Refusal::Failed(failure)) => return Err(failure.into()),
    };
    let keep_upload = decided.value.needs_upload();
    if let Err(error) = settling::settle(app, decided).await {
        tracing::warn!(%error, photo = %place.id, "the sweep finishes what follows from a decision");
    }
    if !keep_upload && let Err(error) = app.blobs.remove_upload(place).await {
        tracing::warn!(%error, photo = %place.id, "the sweep removes the upload");
    }
    Ok(Ended::Decided(state))
}

/// Somebody was faster. What another run decided is served from the same blobs; what was erased must not have any.
async fn lost(app: &App, place: Whereabouts) -> Result<Ended, Stopped> {
    let current = app.photos.read(place).await?;
    if current.is_none_or(|current| current.value.state == PhotoState::Erased) {
        app.blobs.remove_all(place).await?;
    }
    Ok(Ended::NothingToDo)
}

/// Arranges another run, or gives the photo to a person if there is no more time.
pub(super) async fn postpone(
    app: &App,
    photo: Kept<Photo>,
    hindrance: Hindrance,
) -> Result<Ended, Stopped> {
    let now = app.clock.now();
    let Some(checking) = photo.value.checking else { return Ok(Ended::NothingToDo) };
    if app.schedule.is_over(checking.since, now) {
        return conclude(app, photo, hindrance.instead).await;
    }
    let random = rand::rng().random();
    let asked_for = hindrance.retry_after.and_then(|wait| wait.try_into().ok()).unwrap_or_default();
    let pause = app.schedule.pause(&checking, asked_for, now, random);
    match app.photos.replace(&photo, photo.value.run_postponed(pause, now)).await {
        Ok(_) => {}
        Err(Refusal::Changed) => return Ok(Ended::NothingToDo),
        Err(Refusal::Failed(failure)) => return Err(failure.into()),
    }
    let place = Whereabouts::of(&photo.value);
    let sent = app.checks.send_later(&check::message_for(place), pause.unsigned_abs()).await;
    if let Err(error) = sent {
        tracing::warn!(%error, photo = %place.id, "the sweep sends the photo to be checked again");
    }
    Ok(Ended::Postponed)
}
