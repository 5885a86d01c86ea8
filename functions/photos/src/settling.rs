//! What follows from a change of a photo: its case, the memory of its picture, the message to the other apps.
//! The photo's document says what is left to do (an outbox), so that a crash between the change and what follows
//! from it loses nothing: the sweep finds the document and does it again.

use crate::app::App;
use crate::domain::{Duty, Photo};
use crate::memory;
use crate::store::{KnownImagesError, NotChanged};
use azure_data::{Attempt, ChangeError, Item, StorageFailure, retry_conflicts};

/// A duty that is not done yet; the sweep does it later.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DutyError {
    #[error(transparent)]
    Case(#[from] NotChanged),
    #[error(transparent)]
    KnownImages(#[from] KnownImagesError),
    #[error(transparent)]
    Announcement(#[from] StorageFailure),
}

/// Something that follows is not done yet, or not noted; the sweep does it later.
pub(crate) type SettleError = ChangeError<DutyError>;

/// Does what the photo's duties say and notes what is done. A duty is struck off only when it is done.
pub(crate) async fn settle(app: &App, photo: Item<Photo>) -> Result<(), SettleError> {
    let key = photo.value.key();
    let what = format!("noting what follows from a change of photo {}", key.id);
    let hashes = memory::hashes_of(&photo.value);
    let mut as_changed = Some(photo);
    let mut recalled = false;
    let attempt = || {
        let as_changed = as_changed.take();
        // The photo changed while its picture was remembered or forgotten: what was done may be wrong by now.
        let again = std::mem::replace(&mut recalled, true) && !hashes.is_empty();
        let hashes = &hashes;
        async move {
            let current = match as_changed {
                Some(photo) => Some(photo),
                None => app.photos.read(key).await?,
            };
            let Some(photo) = current else { return Ok(()) };
            if again {
                let agreed = memory::agree(app, &photo.value, hashes).await;
                agreed.map_err(|error| Attempt::Refused(error.into()))?;
            }
            if photo.value.duties.is_empty() { Ok(()) } else { perform_all(app, photo).await }
        }
    };
    retry_conflicts(&what, attempt).await
}

/// One that cannot be done does not keep the others waiting; it stays on the list.
async fn perform_all(app: &App, photo: Item<Photo>) -> Result<(), Attempt<DutyError>> {
    let mut performed = Vec::new();
    for duty in &photo.value.duties {
        performed.push((*duty, perform(app, &photo.value, *duty).await));
    }
    let (left, first) = outstanding(performed);
    app.photos.replace(&photo, photo.value.settled(left, app.clock.now())).await?;
    first.map_or(Ok(()), |error| Err(Attempt::Refused(error)))
}

/// The duties that are left, and why the first of them is.
fn outstanding(
    performed: impl IntoIterator<Item = (Duty, Result<(), DutyError>)>,
) -> (Vec<Duty>, Option<DutyError>) {
    let (mut left, mut first) = (Vec::new(), None);
    for (duty, result) in performed {
        if let Err(error) = result {
            left.push(duty);
            first.get_or_insert(error);
        }
    }
    (left, first)
}

async fn perform(app: &App, photo: &Photo, duty: Duty) -> Result<(), DutyError> {
    match duty {
        Duty::OpenCase => app.cases.open(photo, app.clock.now()).await?,
        Duty::CloseCases => drop(app.cases.close(photo, app.clock.now()).await?),
        Duty::Remember => memory::remember(app, photo).await?,
        Duty::Forget => memory::forget(app, photo).await?,
        Duty::Lift => memory::lift(app, photo).await?,
        Duty::Announce => app.announcements.send(photo).await?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use std::convert::Infallible;

    #[tokio::test(start_paused = true)]
    async fn a_case_that_others_kept_changing_stays_to_be_opened_and_closed() {
        let conflict = || async { Err::<(), Attempt<Infallible>>(Attempt::Conflict) };
        let mut performed = Vec::new();
        for duty in [Duty::OpenCase, Duty::CloseCases] {
            let case = retry_conflicts("changing a case", conflict).await;
            performed.push((duty, case.map_err(DutyError::from)));
        }
        performed.push((Duty::Announce, Ok(())));
        let (left, first) = outstanding(performed);
        assert_eq!(left, [Duty::OpenCase, Duty::CloseCases]);
        assert!(matches!(first, Some(DutyError::Case(ChangeError::Exhausted(_)))), "{first:?}");
    }
}
