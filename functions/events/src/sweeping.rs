//! What nobody told of, or what somebody who was killed has left.

use crate::app::App;
use crate::domain::{CaptureName, Hour};
use crate::erasing::{self, NotErased};
use azure_data::{CosmosFailure, StorageFailure};
use jiff::SignedDuration;

/// Hours for which it is looked for capture files of which nobody told. Event Grid itself tries for a day; what is older than
/// this is brought in by a message in the queue (docs/event-catalogue-and-lake.md).
const HOURS_BACK: u32 = 6;
/// Capture files of one partition and hour that are listed: on a laptop there is one every ten seconds.
const MAX_IN_AN_HOUR: usize = 1_000;
/// After this time without a step a replay stands still: a step takes one minute, and a message that failed comes again in five.
const REPLAY_STANDS_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// Why the capture files were not looked through.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSwept {
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
}

/// Puts capture files into the queue of which nobody told; how many.
pub(crate) async fn captures(app: &App) -> Result<usize, NotSwept> {
    let now = app.clock.now();
    // What Event Hubs calls itself: the first part of every name.
    let any = app.capture_files.list("", 1).await?;
    let Some((namespace, _)) = any.first().and_then(|name| name.split_once('/')) else {
        return Ok(0);
    };
    let Some(this_hour) = Hour::of(now) else { return Ok(0) };
    let mut found = 0;
    for hub in &app.catalogue.hubs {
        for partition in 0..hub.partitions {
            for back in 0..=HOURS_BACK {
                let hour = this_hour.before(back);
                let day = hour.day().replace('-', "/");
                let prefix =
                    format!("{namespace}/{}/{partition}/{day}/{}/", hub.name, hour.of_day());
                let names = app.capture_files.list(&prefix, MAX_IN_AN_HOUR).await?;
                for name in app.captures.new_ones(&prefix, names).await? {
                    let Ok(file) = name.parse::<CaptureName>() else { continue };
                    app.due.capture(&file, now).await?;
                    found += 1;
                }
            }
        }
    }
    Ok(found)
}

/// Looks through the lake once more for those who were erased; for how many.
pub(crate) async fn erasures(app: &App) -> Result<usize, NotErased> {
    let due = app.erasures.due(app.clock.now()).await?;
    for id in &due {
        erasing::erase(app, id).await?;
    }
    Ok(due.len())
}

/// Has replays go on that nobody works at; how many.
pub(crate) async fn replays(app: &App) -> Result<usize, NotSwept> {
    let now = app.clock.now();
    let standing = app.replays.standing_since(now - REPLAY_STANDS_AFTER).await?;
    for replay in &standing {
        app.due.replay(&replay.id, now).await?;
    }
    Ok(standing.len())
}
