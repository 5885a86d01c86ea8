//! The photo follows the decision. Done as often as needed: after the decision, before it is undone, and by the
//! sweep when that was interrupted.

use crate::app::App;
use crate::domain::{Actor, Case, Decision, Judgement, Photo, PhotoState, Reason};
use crate::figures::{self, Decider};
use crate::settling;
use azure_data::{ChangeError, Item, WriteError, retry_conflicts};
use std::convert::Infallible;

/// The photo does not follow yet, or that it does is not noted; the sweep does it later.
pub(super) type CarryOutError = ChangeError<Infallible>;

/// Does to the photo what was decided, unless that was done, and notes it in the case.
pub(super) async fn carry_out(app: &App, id: &str) -> Result<(), CarryOutError> {
    let what = format!("carrying out the decision of case {id}");
    let attempt = || async move {
        let Some(case) = app.cases.read(id).await? else { return Ok(()) };
        let outstanding = case.value.ruling.as_ref().is_some_and(|ruling| !ruling.carried_out);
        if outstanding { Ok(step(app, case).await?) } else { Ok(()) }
    };
    retry_conflicts(&what, attempt).await
}

async fn step(app: &App, case: Item<Case>) -> Result<(), WriteError> {
    let key = case.value.photo_key();
    if let Some(photo) = app.photos.read(key).await?
        && let Some(decided) = following(&photo.value, &case.value)
    {
        let decided = app.photos.replace(&photo, decided).await?;
        figures::decided(decided.value.state, Decider::Person);
        follow_up(app, decided).await;
    }
    app.cases.replace(&case, case.value.carried_out()).await.map(drop)
}

/// The photo as the decision wants it; `None` if it moved on since the case was opened for it: it followed already,
/// or is gone.
fn following(photo: &Photo, case: &Case) -> Option<Photo> {
    let ruling = case.ruling.as_ref()?;
    if photo.state != PhotoState::Review || photo.revision != case.photo_revision {
        return None;
    }
    let decision = match ruling.judgement {
        Judgement::Approve => Decision::Approve,
        Judgement::Reject(reason) => Decision::Reject(Reason::moderator(reason.as_str())),
    };
    let by = Actor::Moderator { id: ruling.by.clone() };
    let decided = photo.decided(&decision, by, ruling.note.clone(), ruling.at);
    decided
        .inspect_err(|error| tracing::warn!(%error, case = case.id, "a decision leads nowhere"))
        .ok()
}

/// What comes after the decision; the sweep does it if we cannot.
async fn follow_up(app: &App, photo: Item<Photo>) {
    let id = photo.value.id;
    if let Err(error) = settling::settle(app, photo).await {
        tracing::warn!(%error, photo = %id, "the sweep finishes what follows from a decision");
    }
}
