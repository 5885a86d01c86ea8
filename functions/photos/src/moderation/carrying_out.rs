//! The photo follows the decision. Done as often as needed: after the decision, before it is undone, and by the
//! sweep when that was interrupted.

use crate::app::App;
use crate::blobs::Shelf;
use crate::domain::{Actor, Case, Decision, Judgement, Photo, PhotoState, Reason};
use crate::problems;
use crate::settling;
use crate::store::Whereabouts;
use custom_handler::Problem;
use iommi_app::{CosmosFailure, Kept, Refusal, pause};

/// How often it is tried again because somebody else changed the photo or the case.
const MAX_TRIES: u32 = 5;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("others kept changing the photo or its case")]
    Busy,
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
}

impl Trouble {
    pub(crate) fn into_problem(self) -> Problem {
        match self {
            Self::Busy => problems::busy(),
            Self::Cosmos(failure) => problems::unavailable(failure),
        }
    }
}

/// Does to the photo what was decided, unless that was done, and notes it in the case.
pub(crate) async fn carry_out(app: &App, id: &str) -> Result<(), Trouble> {
    for tries in 0..MAX_TRIES {
        let Some(case) = app.cases.read(id).await? else { return Ok(()) };
        let outstanding = case.value.ruling.as_ref().is_some_and(|ruling| !ruling.carried_out);
        if !outstanding {
            return Ok(());
        }
        match step(app, case).await {
            Ok(()) => return Ok(()),
            Err(Refusal::Changed) => pause(tries).await,
            Err(Refusal::Failed(failure)) => return Err(failure.into()),
        }
    }
    Err(Trouble::Busy)
}

async fn step(app: &App, case: Kept<Case>) -> Result<(), Refusal> {
    let place = Whereabouts { id: case.value.photo_id, profile_id: case.value.profile_id };
    if let Some(photo) = app.photos.read(place).await?
        && let Some(decided) = following(&photo.value, &case.value)
    {
        let decided = app.photos.replace(&photo, decided).await?;
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
async fn follow_up(app: &App, photo: Kept<Photo>) {
    let (id, home) = (photo.value.id, Shelf::of(photo.value.state));
    if let Err(error) = settling::settle(app, photo).await {
        tracing::warn!(%error, photo = %id, "the sweep finishes what follows from a decision");
    }
    if let Err(error) = app.blobs.move_home(home, id).await {
        tracing::warn!(%error, photo = %id, "the sweep moves the blobs");
    }
}
