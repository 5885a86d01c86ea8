//! Erasing all photos of a profile, and writing down what was removed. A run goes on where the last one stopped, stops
//! in time, and passes over what is done: however many photos there are, it ends.

use super::photo;
use crate::app::App;
use crate::domain::{Actor, ErasureRecord, Found, PhotoKey, ProfileId};
use azure_data::{Item, WriteError};
use custom_handler::{Done, Failure, Invocation, QueueMessage};
use jiff::Timestamp;
use serde::Deserialize;
use std::num::NonZeroU32;
use std::time::Duration;
use tokio::time::Instant;

/// Photos after which a run writes down how far it is.
const PAGE: NonZeroU32 = NonZeroU32::new(50).expect("50 is not zero");
/// Uploads without a photo that are removed before the clock is looked at again.
const STRAYS: usize = 100;
/// After this time a run sends the message again, for the next to go on.
const MAX_RUN: Duration = Duration::from_secs(60);
/// When the next run begins; immediately would leave others no turn.
const PAUSE: Duration = Duration::from_secs(1);

/// The data of `com.iommi.profiles.erased.v1`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Erased {
    profile_id: ProfileId,
    erased_at: Timestamp,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Nothing is left.
    Complete,
    /// The time was over.
    InTime,
}

/// Removes every picture of the profile that the message names. Running it again finishes what was interrupted and
/// changes nothing that was done.
pub(crate) async fn erase_profile(
    app: &App,
    message: &QueueMessage,
    invocation: &mut Invocation,
) -> Result<Done, Failure> {
    let Erased { profile_id, erased_at } = app.erased_profiles.read(message, invocation)?.data;
    let ended = erase(app, profile_id, erased_at, Instant::now() + MAX_RUN).await?;
    if ended == Ended::InTime {
        let text = message.text().unwrap_or_default();
        app.erasure_messages.send_later(text, PAUSE).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing().log(format!("the erasure of profile {profile_id}: {ended:?}")))
}

/// One run, until there is nothing left or `until` is over.
pub(crate) async fn erase(
    app: &App,
    id: ProfileId,
    erased_at: Timestamp,
    until: Instant,
) -> Result<Ended, Failure> {
    // First of all: from here on nobody gets a ticket for this profile.
    let begun = app.erasures.begin(id, erased_at, app.clock.now()).await;
    let mut record = begun.map_err(Failure::again)?;
    let before = record.value.removed;
    let mut failed = 0;
    loop {
        let photos = app.photos.to_erase(id, record.value.done_up_to, PAGE).await;
        let photos = photos.map_err(Failure::again)?;
        let mut changed = record.value.clone();
        let mut in_time = true;
        for key in &photos {
            match erase_one(app, *key).await {
                Ok(found) => add(&mut changed.removed, found),
                Err(error) => {
                    failed += 1;
                    tracing::warn!(%error, photo = %key.id, "a photo of an erased profile stays");
                }
            }
            changed.reached(Some(key.id), app.clock.now());
            in_time = Instant::now() < until;
            if !in_time {
                break;
            }
        }
        let whole = photos.len() < PAGE.get() as usize && in_time;
        if !photos.is_empty() {
            record = save(app, &record, changed).await?;
        }
        match (in_time, whole) {
            (false, _) if failed == 0 => return Ok(Ended::InTime),
            (true, false) => {}
            _ => break,
        }
    }
    if failed > 0 {
        let mut again = record.value.clone();
        again.reached(None, app.clock.now());
        save(app, &record, again).await?;
        return Err(Failure::again(format!("{failed} photos of profile {id} are not erased yet")));
    }
    finish(app, record, before, until).await
}

/// What is left when the photos are gone: uploads that belong to none.
async fn finish(
    app: &App,
    record: Item<ErasureRecord>,
    before: Found,
    until: Instant,
) -> Result<Ended, Failure> {
    let mut changed = record.value.clone();
    let prefix = format!("{}/", changed.profile_id);
    loop {
        let strays = app.blobs.remove_uploads_below(&prefix, STRAYS).await;
        let strays = strays.map_err(Failure::again)?;
        changed.removed.stray_uploads += strays;
        if strays == 0 {
            break;
        }
        if Instant::now() >= until {
            save(app, &record, changed).await?;
            return Ok(Ended::InTime);
        }
    }
    let now = app.clock.now();
    changed.ended(changed.removed != before, now);
    save(app, &record, changed).await?;
    Ok(Ended::Complete)
}

async fn erase_one(app: &App, key: PhotoKey) -> Result<Found, photo::EraseError> {
    let Some(current) = app.photos.read_if_sound(key).await? else {
        return discard(app, key).await;
    };
    let cases = app.cases.close(&current.value, app.clock.now()).await?;
    let photos = usize::from(!current.value.is_erased());
    let removed = photo::erase(app, key, Actor::Erasure).await?.unwrap_or_default();
    let (uploads, quarantine, published) = (removed.uploads, removed.quarantine, removed.published);
    Ok(Found { photos, uploads, quarantine, published, cases, stray_uploads: 0 })
}

/// A document that cannot be read says nothing that would have to be kept: it goes with what lies under its name.
async fn discard(app: &App, key: PhotoKey) -> Result<Found, photo::EraseError> {
    let removed = app.blobs.remove_all(key).await?;
    let photos = usize::from(app.photos.discard(key).await?);
    let (uploads, quarantine, published) = (removed.uploads, removed.quarantine, removed.published);
    Ok(Found { photos, uploads, quarantine, published, ..Found::default() })
}

fn add(sum: &mut Found, found: Found) {
    sum.photos += found.photos;
    sum.uploads += found.uploads;
    sum.quarantine += found.quarantine;
    sum.published += found.published;
    sum.cases += found.cases;
}

async fn save(
    app: &App,
    current: &Item<ErasureRecord>,
    changed: ErasureRecord,
) -> Result<Item<ErasureRecord>, Failure> {
    match app.erasures.replace(current, changed).await {
        Ok(saved) => Ok(saved),
        Err(WriteError::Conflict) => Err(Failure::again("another run writes the same record")),
        Err(WriteError::Failed(failure)) => Err(Failure::again(failure)),
    }
}
