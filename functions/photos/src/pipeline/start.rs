//! The begin of a run: one at a time for each photo, and only for photos that wait for one.

use super::Stopped;
use crate::app::App;
use crate::domain::{Photo, PhotoState};
use crate::settling;
use crate::store::Whereabouts;
use iommi_app::{Kept, Refusal, pause};

/// How often a run tries to begin because others change the photo meanwhile.
const MAX_TRIES: u32 = 8;

/// The photo, leased to this run; `None` if there is nothing to do.
pub(super) async fn begin(app: &App, place: Whereabouts) -> Result<Option<Kept<Photo>>, Stopped> {
    for tries in 0..MAX_TRIES {
        let Some(current) = app.photos.read(place).await? else {
            app.blobs.remove_upload(place).await?;
            return Ok(None);
        };
        match current.value.state {
            PhotoState::Checking => {}
            PhotoState::AwaitingUpload => {
                // An event may come long after its blob.
                if !app.blobs.has_upload(place).await? {
                    return Ok(None);
                }
            }
            _ => {
                clean_up(app, current).await?;
                return Ok(None);
            }
        }
        let begun = current.value.run_begun(app.clock.now());
        let Some(begun) = begun.expect("both states may become checking") else {
            return Ok(None);
        };
        match app.photos.replace(&current, begun).await {
            Ok(kept) => return Ok(Some(kept)),
            Err(Refusal::Changed) => pause(tries).await,
            Err(Refusal::Failed(failure)) => return Err(failure.into()),
        }
    }
    Err(Stopped::Busy)
}

/// The photo is decided: what the run that decided left behind, or a second upload with the same ticket.
async fn clean_up(app: &App, photo: Kept<Photo>) -> Result<(), Stopped> {
    if !photo.value.needs_upload() {
        app.blobs.remove_upload(Whereabouts::of(&photo.value)).await?;
    }
    if let Err(error) = settling::settle(app, photo).await {
        tracing::warn!(%error, "the sweep finishes what follows from a decision");
    }
    Ok(())
}
