//! What follows from a change of a photo: its case, the memory of its picture, the message to the other apps.
//! The photo's document says what is left to do (an outbox), so that a crash between the change and what follows
//! from it loses nothing: the sweep finds the document and does it again.

use crate::announcement;
use crate::app::App;
use crate::domain::{Duty, Photo};
use crate::store::{Unknowable, Whereabouts};
use iommi_app::{CosmosFailure, Kept, Refusal, StorageFailure};

/// How often what follows is done again because the photo changed meanwhile.
const MAX_TRIES: u32 = 4;

/// Something that follows is not done yet; the sweep does it later.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsettled {
    #[error("others kept changing the photo")]
    Busy,
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Queue(#[from] StorageFailure),
    #[error(transparent)]
    KnownImages(#[from] Unknowable),
}

/// Does what the photo's duties say and notes what is done.
pub(crate) async fn settle(app: &App, mut photo: Kept<Photo>) -> Result<(), Unsettled> {
    for _ in 0..MAX_TRIES {
        if photo.value.duties.is_empty() {
            return Ok(());
        }
        let (left, failure) = perform_all(app, &photo.value).await;
        match app.photos.replace(&photo, photo.value.settled(left, app.clock.now())).await {
            Ok(_) => return failure.map_or(Ok(()), Err),
            Err(Refusal::Failed(failure)) => return Err(failure.into()),
            Err(Refusal::Changed) => {}
        }
        match app.photos.read(Whereabouts::of(&photo.value)).await? {
            Some(current) => photo = current,
            None => return Ok(()),
        }
    }
    Err(Unsettled::Busy)
}

/// One that cannot be done does not keep the others waiting. What is left, and why the first of that is.
async fn perform_all(app: &App, photo: &Photo) -> (Vec<Duty>, Option<Unsettled>) {
    let (mut left, mut first) = (Vec::new(), None);
    for duty in &photo.duties {
        if let Err(failure) = perform(app, photo, *duty).await {
            left.push(*duty);
            first.get_or_insert(failure);
        }
    }
    (left, first)
}

async fn perform(app: &App, photo: &Photo, duty: Duty) -> Result<(), Unsettled> {
    let hashes = photo.picture.as_ref().map(|picture| picture.hashes.as_slice());
    let hashes = hashes.unwrap_or_default();
    match duty {
        Duty::OpenCase => app.cases.open(photo, app.clock.now()).await?,
        Duty::CloseCases => drop(app.cases.close(photo, app.clock.now()).await?),
        Duty::Remember => app.known_images.remember(photo.id, hashes).await?,
        Duty::Forget => app.known_images.forget(photo.id, hashes).await?,
        Duty::Announce => announcement::send(app, photo).await?,
    }
    Ok(())
}
