//! Events of the lake, sent to a consumer once more. How far it is is noted after they are sent: a kill in between sends some twice
//! and skips none.

use crate::app::App;
use crate::avro::LakeEvent;
use crate::domain::{Cursor, Hour, LeftOut, Replay, ReplayState, Shelf, Source};
use crate::store::{FileOnShelf, LakeError, NotAdvanced};
use azure_data::{ChangeError, CosmosFailure, StorageFailure};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// How long one run goes on; the host lets it run for five minutes (host.json: functionTimeout).
const MAX_RUN: Duration = Duration::from_secs(60);
/// Events after which it is noted how far it is.
const NOTE_EVERY: usize = 200;
/// Events of one hour and partition that are put into their order at a time.
const MAX_IN_ORDER: usize = 100_000;

/// Why it does not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotReplayed {
    #[error(transparent)]
    Lake(#[from] LakeError),
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error(transparent)]
    Change(#[from] ChangeError<NotAdvanced>),
}

/// What one run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    /// There is more to do.
    On,
    /// There is nothing more to do, or somebody else does it.
    Ended,
}

/// The shelves of one partition in one hour: their events are sent together, in the order of the partition, whatever their types.
type Units = BTreeMap<(Hour, Source), Vec<(Shelf, Vec<FileOnShelf>)>>;

pub(crate) async fn go_on(app: &App, id: &str) -> Result<Ran, NotReplayed> {
    let Some(mut replay) = app.replays.read(id).await? else { return Ok(Ran::Ended) };
    if replay.state != ReplayState::Running {
        return Ok(Ran::Ended);
    }
    let until = Instant::now() + MAX_RUN;
    let (from, to) = (replay.goes_on_in(), Hour::of_or_first(replay.to));
    for ((hour, source), shelves) in units(app, &replay, from, to).await? {
        let events = match in_order(app, &shelves).await? {
            Ok(events) => events,
            Err(why) => return ended(app.replays.end(&replay, Some(why), app.clock.now()).await),
        };
        let at = |event: &LakeEvent| Cursor::at(hour, &source, event.sequence);
        let wanted = |event: &&LakeEvent| {
            let time = Timestamp::from_millisecond(event.time_ms);
            time.is_ok_and(|time| replay.wants(&at(event), time))
        };
        let due: Vec<LakeEvent> = events.iter().filter(wanted).cloned().collect();
        for chunk in due.chunks(NOTE_EVERY) {
            let Some(last) = chunk.last() else { continue };
            let outcome = send(app, &replay, chunk).await?;
            let cursor = at(last);
            match app.replays.advance(&replay, cursor, outcome, app.clock.now()).await {
                Ok(next) => replay = next,
                Err(ChangeError::Refused(NotAdvanced::Elsewhere)) => return Ok(Ran::Ended),
                Err(other) => return Err(other.into()),
            }
            if Instant::now() > until {
                return Ok(Ran::On);
            }
        }
    }
    ended(app.replays.end(&replay, None, app.clock.now()).await)
}

fn ended(written: Result<Replay, ChangeError<NotAdvanced>>) -> Result<Ran, NotReplayed> {
    match written {
        Ok(_) | Err(ChangeError::Refused(NotAdvanced::Elsewhere)) => Ok(Ran::Ended),
        Err(other) => Err(other.into()),
    }
}

/// All that is to be sent from here on, hour by hour: what one list does not hold is in the next.
async fn units(app: &App, replay: &Replay, from: Hour, to: Hour) -> Result<Units, CosmosFailure> {
    let mut units = Units::new();
    for (shelf, files) in app.shelves.heads_in_all(&replay.types, from, to).await? {
        units.entry((shelf.hour, shelf.source.clone())).or_default().push((shelf, files));
    }
    Ok(units)
}

/// The events of shelves in the order of their partition; an error says why they are too many.
async fn in_order(
    app: &App,
    shelves: &[(Shelf, Vec<FileOnShelf>)],
) -> Result<Result<Vec<LakeEvent>, String>, LakeError> {
    let count: u64 = shelves.iter().flat_map(|(_, files)| files).map(|file| file.events).sum();
    if count > MAX_IN_ORDER as u64 {
        return Ok(Err(format!(
            "one partition has {count} events of these types in one hour, and {MAX_IN_ORDER} can be put into their order: \
             ask for fewer types at a time"
        )));
    }
    let mut events = Vec::new();
    for (shelf, files) in shelves {
        for file in files {
            events.extend(app.lake.read(shelf, file.first).await?);
        }
    }
    events.sort_by_key(|event| event.sequence);
    Ok(Ok(events))
}

/// How many were sent, and which cannot be.
async fn send(
    app: &App,
    replay: &Replay,
    events: &[LakeEvent],
) -> Result<(u64, Vec<LeftOut>), StorageFailure> {
    let (mut sent, mut left_out) = (0, Vec::new());
    for event in events {
        match app.receivers.send(&replay.consumer, &event.event).await {
            Ok(()) => sent += 1,
            Err(failure) if failure.is_too_large() => left_out.push(LeftOut {
                id: event.id.clone(),
                source: event.source.clone(),
                why: "it is larger than a message of a queue may be".to_owned(),
            }),
            Err(failure) => return Err(failure),
        }
    }
    Ok((sent, left_out))
}
