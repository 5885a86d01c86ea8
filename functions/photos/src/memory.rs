//! The memory of rejected pictures, by the photos that they are of.

use crate::app::App;
use crate::domain::{FrameHash, Photo, Reason};
use crate::store::KnownImagesError;

/// The hashes of all frames; none if there is no picture.
pub(crate) fn hashes_of(photo: &Photo) -> Vec<FrameHash> {
    photo.picture.as_ref().map(|picture| picture.hashes.clone()).unwrap_or_default()
}

/// Recognises from now on the frames that the rejection is about.
pub(crate) async fn remember(app: &App, photo: &Photo) -> Result<(), KnownImagesError> {
    let by_moderator = photo.reason.as_ref().is_some_and(Reason::is_moderators);
    let condemned = photo.picture.as_ref().map(|picture| picture.condemned(by_moderator));
    app.known_images.remember(photo.id, &condemned.unwrap_or_default()).await
}

/// Recognises no longer what was remembered of the photo.
pub(crate) async fn forget(app: &App, photo: &Photo) -> Result<(), KnownImagesError> {
    app.known_images.forget(photo.id, &hashes_of(photo)).await
}

/// A moderator found harmless what looks like a known picture: it is known no longer. Only the published frame was
/// seen, so only what that looks like is lifted.
pub(crate) async fn lift(app: &App, photo: &Photo) -> Result<(), KnownImagesError> {
    match hashes_of(photo).first() {
        Some(seen) => app.known_images.lift(seen).await,
        None => Ok(()),
    }
}

/// Brings the memory in line with the photo as it is now. `hashes` are those that an earlier version of it had.
pub(crate) async fn agree(
    app: &App,
    photo: &Photo,
    hashes: &[FrameHash],
) -> Result<(), KnownImagesError> {
    if !photo.is_remembered() {
        return app.known_images.forget(photo.id, hashes).await;
    }
    remember(app, photo).await
}
