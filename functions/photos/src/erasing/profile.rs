//! Erasing all photos of a profile, and writing down what was removed.

use super::photo;
use crate::app::App;
use crate::domain::{Actor, PhotoId, ProfileId};
use crate::store::{ErasureRecord, PhotoErased};
use azure_data::{Item, WriteError};
use custom_handler::{Done, Failure, Invocation, QueueMessage};
use jiff::Timestamp;
use serde::Deserialize;
use std::num::NonZeroU32;

/// Photos that are read at once.
const PAGE: NonZeroU32 = NonZeroU32::new(50).expect("50 is not zero");
/// Most photos of one profile, the tombstones of those deleted before included.
const MAX_PAGES: usize = 200;
/// Most uploads without a photo that one run removes.
const MAX_STRAYS: usize = 1_000;

/// The data of `com.iommi.profiles.erased.v1`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Erased {
    profile_id: ProfileId,
    erased_at: Timestamp,
}

/// Removes every picture of the profile that the message names. Running it again finishes what was interrupted and
/// changes nothing that was done.
pub(crate) async fn erase_profile(
    app: &App,
    message: &QueueMessage,
    invocation: &mut Invocation,
) -> Result<Done, Failure> {
    let Erased { profile_id, erased_at } = app.erased_profiles.read(message, invocation)?.data;
    let photos = erase(app, profile_id, erased_at).await?;
    Ok(Done::nothing().log(format!("{photos} photos of profile {profile_id}")))
}

async fn erase(app: &App, id: ProfileId, erased_at: Timestamp) -> Result<usize, Failure> {
    // First of all: from here on nobody gets a ticket for this profile.
    let begun = app.erasures.begin(id, erased_at, app.clock.now()).await;
    let Item { value: mut record, etag } = begun.map_err(Failure::again)?;
    erase_photos(app, id, &mut record).await?;
    let prefix = format!("{id}/");
    let strays = app.blobs.remove_uploads_below(&prefix, MAX_STRAYS).await;
    record.stray_uploads += strays.map_err(Failure::again)?;
    record.completed_at.get_or_insert(app.clock.now());
    let photos = record.photos.len();
    match app.erasures.replace(&Item { value: record.clone(), etag }, &record).await {
        Ok(()) => Ok(photos),
        Err(WriteError::Conflict) => Err(Failure::again("another run writes the same record")),
        Err(WriteError::Failed(failure)) => Err(Failure::again(failure)),
    }
}

async fn erase_photos(
    app: &App,
    profile_id: ProfileId,
    record: &mut ErasureRecord,
) -> Result<(), Failure> {
    let mut after: Option<PhotoId> = None;
    for _ in 0..MAX_PAGES {
        let photos = app.photos.ever_of_profile(profile_id, after, PAGE).await;
        let photos = photos.map_err(Failure::again)?;
        for one in &photos {
            let cases = app.cases.close(one, app.clock.now()).await.map_err(Failure::again)?;
            let removed = photo::erase(app, one.key(), Actor::Erasure).await;
            let removed = removed.map_err(Failure::again)?.unwrap_or_default();
            record.add(PhotoErased {
                photo_id: one.id,
                at: app.clock.now(),
                uploads: removed.uploads,
                quarantine: removed.quarantine,
                published: removed.published,
                cases,
            });
        }
        match photos.last() {
            Some(last) if photos.len() == PAGE.get() as usize => after = Some(last.id),
            _ => return Ok(()),
        }
    }
    Err(Failure::again("the profile has more photos than one run erases"))
}
