//! Queue `photo-erasures`: a profile was erased

use crate::app::App;
use crate::domain::{PhotoId, ProfileId};
use crate::erasing::{self, Eraser};
use crate::store::{ErasureRecord, PhotoErased, Whereabouts};
use custom_handler::{Done, Failure, Invocation, QueueMessage};
use iommi_app::{CloudEvent, Kept, Refusal};
use jiff::Timestamp;
use serde::Deserialize;
use std::num::NonZeroU32;

const TYPE: &str = "com.iommi.profiles.erased.v1";
/// Photos that are read at once.
const PAGE: NonZeroU32 = NonZeroU32::new(50).expect("50 is not zero");
/// Most photos of one profile, the tombstones of those deleted before included.
const MAX_PAGES: usize = 200;
/// Most uploads without a photo that one run removes.
const MAX_STRAYS: usize = 1_000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Erased {
    profile_id: ProfileId,
    erased_at: Timestamp,
}

/// Removes every picture of the profile and writes down what it removed. Running it again finishes what was
/// interrupted and changes nothing that was done.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let event: CloudEvent<Erased> = message.json()?;
    if event.r#type != TYPE {
        return Err(Failure::give_up(format!("the message is not a {TYPE}")));
    }
    if let Some(parent) = &event.traceparent {
        invocation.continue_trace(parent, event.tracestate.as_deref());
    }
    let erased = event.data.ok_or_else(|| Failure::give_up("the message has no data"))?;
    let photos = erase(app, erased.profile_id, erased.erased_at).await?;
    Ok(Done::nothing().log(format!("{photos} photos of profile {}", erased.profile_id)))
}

async fn erase(app: &App, id: ProfileId, erased_at: Timestamp) -> Result<usize, Failure> {
    // First of all: from here on nobody gets a ticket for this profile.
    let begun = app.erasures.begin(id, erased_at, app.clock.now()).await;
    let Kept { value: mut record, etag } = begun.map_err(Failure::again)?;
    erase_photos(app, id, &mut record).await?;
    let prefix = format!("{id}/");
    let strays = app.blobs.remove_uploads_below(&prefix, MAX_STRAYS).await;
    record.stray_uploads += strays.map_err(Failure::again)?;
    record.completed_at.get_or_insert(app.clock.now());
    let photos = record.photos.len();
    match app.erasures.replace(&Kept { value: record.clone(), etag }, &record).await {
        Ok(()) => Ok(photos),
        Err(Refusal::Changed) => Err(Failure::again("another run writes the same record")),
        Err(Refusal::Failed(failure)) => Err(Failure::again(failure)),
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
        for photo in &photos {
            let place = Whereabouts::of(photo);
            let cases = app.cases.close(photo, app.clock.now()).await.map_err(Failure::again)?;
            let removed = erasing::erase(app, place, Eraser::Erasure).await;
            let removed = removed.map_err(Failure::again)?.unwrap_or_default();
            record.add(PhotoErased {
                photo_id: photo.id,
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
