//! The photos that are due: batch after batch, what somebody waits for first, until none is left or the time is over. One
//! that fails is due later, and stands in nobody's way.

use super::step;
use crate::app::App;
use crate::domain::PhotoKey;
use crate::store::{Due, DuePhoto};
use azure_data::CosmosFailure;
use futures::{StreamExt, stream};
use std::collections::HashSet;
use std::num::NonZeroU32;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Photos of a batch.
const BATCH: NonZeroU32 = NonZeroU32::new(200).expect("200 is not zero");
/// Photos that are looked at at once.
const AT_ONCE: usize = 8;
/// Photos that could not even be put off: when there are more, something else is wrong, and the sweep ends.
const MAX_STUBBORN: usize = 1_000;
/// The longest that one photo may take.
const MAX_STEP: Duration = Duration::from_secs(30);
/// From this age on of the oldest photo that is due, somebody is told: it should be a minute.
const MAX_LAG_S: i64 = 15 * 60;

/// How many photos were looked at, and with how many that failed.
#[derive(Debug, Default)]
pub(super) struct Swept {
    pub(super) looked_at: usize,
    pub(super) failed: usize,
}

pub(super) async fn sweep(app: &App, until: Instant) -> Result<Swept, CosmosFailure> {
    let mut swept = Swept::default();
    let mut stubborn = HashSet::new();
    report(app).await?;
    watch_reviews(app).await?;
    for which in [Due::Urgent, Due::Any] {
        while Instant::now() < until && stubborn.len() < MAX_STUBBORN {
            // Those that stay due are passed over.
            let count = BATCH.saturating_add(u32::try_from(stubborn.len()).unwrap_or(u32::MAX));
            let mut due = app.photos.due(which, app.clock.now(), count).await?;
            due.retain(|photo| !stubborn.contains(&photo.key.id.to_string()));
            if due.is_empty() {
                break;
            }
            swept.looked_at += due.len();
            let failed = batch(app, due, until).await;
            swept.failed += failed.len();
            stubborn.extend(failed.into_iter().filter(|(_, is_off)| !is_off).map(|(id, _)| id));
        }
    }
    Ok(swept)
}

/// The photos of the batch that failed, and whether they are due later.
async fn batch(app: &App, due: Vec<DuePhoto>, until: Instant) -> Vec<(String, bool)> {
    let steps = stream::iter(due).map(|photo| async move {
        let key = photo.key;
        if Instant::now() >= until {
            return None;
        }
        let why = match timeout(MAX_STEP, step::step(app, key)).await {
            Ok(Ok(step::Stepped::Done)) => return None,
            // Somebody else writes it: it is looked at in the next sweep.
            Ok(Ok(step::Stepped::Overtaken)) => return Some((key.id.to_string(), false)),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("not done in {MAX_STEP:?}"),
        };
        Some((key.id.to_string(), put_off(app, key, &why).await))
    });
    steps.buffer_unordered(AT_ONCE).filter_map(std::future::ready).collect().await
}

async fn put_off(app: &App, key: PhotoKey, why: &str) -> bool {
    match app.photos.put_off(key, app.clock.now()).await {
        Ok(failures) => {
            tracing::warn!(photo = %key.id, why, failures, "a photo is due again later");
            true
        }
        Err(error) => {
            tracing::warn!(photo = %key.id, why, %error, "a photo stays due");
            false
        }
    }
}

/// Photos in review that nothing would look at get their turn: one of them may lack its case.
async fn watch_reviews(app: &App) -> Result<(), CosmosFailure> {
    for key in app.photos.unwatched(BATCH).await? {
        if let Err(error) = step::watch(app, key).await {
            tracing::warn!(%error, photo = %key.id, "a photo in review is not looked after");
        }
    }
    Ok(())
}

/// How old the oldest work is, before it is done.
async fn report(app: &App) -> Result<(), CosmosFailure> {
    let now = app.clock.now();
    let oldest = app.photos.due(Due::Any, now, NonZeroU32::MIN).await?;
    let oldest_s = oldest.first().map_or(0, |photo| now.as_second() - photo.sweep_after);
    tracing::info!(
        target: "metric",
        metric = "photos-oldest-due",
        oldest_s,
        "the photo that is due longest"
    );
    if oldest_s > MAX_LAG_S {
        tracing::error!(
            alarm = "due-work-late",
            what = "photos",
            oldest_s,
            "photos wait for the sweep"
        );
    }
    Ok(())
}
