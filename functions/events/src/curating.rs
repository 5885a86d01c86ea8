//! A capture file, brought into the lake: each of its events into the file of its shelf, unless it lies in another one or is about
//! somebody who was erased. Done again, in any order and by several at once, it writes the same files.

use crate::app::App;
use crate::avro::{self, FileError, LakeEvent};
use crate::domain::{CaptureName, Event, Shelf, Source};
use crate::fingerprint;
use crate::store::{Entry, LakeError, Worked};
use azure_data::{ChangeError, CosmosFailure, StorageFailure};
use custom_handler::{Bytes, Metric};
use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;

/// The largest capture file that is read: a window has at most 32 MiB of events (`capture.bytes` in the app.json of hubs), and
/// what each has besides.
pub(crate) const MAX_CAPTURE_BYTES: usize = 48 * 1024 * 1024;
/// The most that its events may have together once they are unpacked.
const MAX_EVENT_BYTES: usize = 64 * 1024 * 1024;

const ROWS: Metric =
    Metric::counter("iommi.events.lake.rows", "{event}", "events that came into the lake");

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Curated {
    /// It is in the lake.
    Now(Worked),
    /// It was in the lake before.
    Before,
    /// It is gone: capture files are kept for 30 days.
    Gone,
    /// There is nothing in it.
    Empty,
}

/// Why a file is not in the lake, or not all of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotCurated {
    #[error("the capture file {name}: {error}")]
    File { name: String, error: FileError },
    #[error(transparent)]
    Lake(#[from] LakeError),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Change(#[from] ChangeError<Infallible>),
    #[error("sorting a capture file was broken off: {0}")]
    BrokenOff(#[from] tokio::task::JoinError),
}

/// An event on its way into the lake.
struct Sorted {
    entry: Entry,
    event: LakeEvent,
}

/// The events of a file by their shelves.
struct Contents {
    first: i64,
    last: i64,
    shelves: BTreeMap<Shelf, Vec<Sorted>>,
    events: u64,
    unreadable: u64,
}

pub(crate) async fn curate(app: &App, name: &CaptureName) -> Result<Curated, NotCurated> {
    if app.captures.has(name).await? {
        return Ok(Curated::Before);
    }
    let Some(blob) = app.capture_files.get(name.as_str(), MAX_CAPTURE_BYTES).await? else {
        return Ok(Curated::Gone);
    };
    let source = name.source.clone();
    // Unpacking takes seconds, in which others are to be answered.
    let sorted = tokio::task::spawn_blocking(move || sort(&blob.content, &source)).await?;
    let sorted = sorted.map_err(|error| NotCurated::File { name: name.to_string(), error })?;
    let Some(contents) = sorted else { return Ok(Curated::Empty) };
    let repeats = put(app, &contents).await?;
    let Contents { first, last, events, unreadable, .. } = contents;
    let worked = Worked { source: name.source.clone(), first, last, events, repeats, unreadable };
    app.captures.note(name, &worked, app.clock.now()).await?;
    let new = worked.events.saturating_sub(worked.repeats);
    if new > 0 {
        ROWS.add(new, &[("hub", worked.source.hub.clone().into())]);
    }
    Ok(Curated::Now(worked))
}

/// Writes the file of each shelf; how many events belong to other files.
async fn put(app: &App, contents: &Contents) -> Result<u64, NotCurated> {
    let Contents { first, shelves, .. } = contents;
    let mut admitted = Vec::new();
    for (shelf, events) in shelves {
        let entries: Vec<Entry> = events.iter().map(|sorted| sorted.entry.clone()).collect();
        admitted.push(app.shelves.admit(shelf, *first, &entries).await?);
    }
    // After the shelves know whom the events are about: whoever is erased from now on finds them there.
    let erased = app.erasures.all().await?;
    let mut repeats = 0;
    for ((shelf, events), elsewhere) in shelves.iter().zip(&admitted) {
        let is_kept = |entry: &Entry| {
            !elsewhere.contains(&entry.event)
                && !entry.people.iter().any(|one| erased.contains(one))
        };
        let kept = events.iter().filter(|sorted| is_kept(&sorted.entry));
        let kept: Vec<LakeEvent> = kept.map(|sorted| sorted.event.clone()).collect();
        app.lake.write(shelf, *first, &kept).await?;
        app.shelves.note(shelf, *first, kept.len() as u64).await?;
        repeats += elsewhere.len() as u64;
    }
    Ok(repeats)
}

/// Nothing if there is no event in the file at all.
fn sort(file: &Bytes, source: &Source) -> Result<Option<Contents>, FileError> {
    let mut contents: Option<Contents> = None;
    let mut known = HashSet::new();
    let mut bytes = 0_usize;
    for record in avro::records(file)? {
        let record = record?;
        bytes = bytes.saturating_add(record.body.len());
        if bytes > MAX_EVENT_BYTES {
            return Err(FileError::TooLarge(MAX_EVENT_BYTES));
        }
        let contents = contents.get_or_insert_with(|| Contents {
            first: record.sequence,
            last: record.sequence,
            shelves: BTreeMap::new(),
            events: 0,
            unreadable: 0,
        });
        contents.last = contents.last.max(record.sequence);
        let read = Event::read(&record.body).and_then(|event| Ok((event.shelf(source)?, event)));
        let Ok((shelf, event)) = read else {
            contents.unreadable += 1;
            continue;
        };
        contents.events += 1;
        let sorted = sorted(record.sequence, event);
        // Sent twice within one window.
        if known.insert(sorted.entry.event.clone()) {
            contents.shelves.entry(shelf).or_default().push(sorted);
        }
    }
    Ok(contents)
}

fn sorted(sequence: i64, event: Event) -> Sorted {
    let Event { r#type, source, id, subject, time, people, text } = event;
    let entry = Entry {
        event: fingerprint::of_event(&source, &id),
        people: people.iter().map(|one| fingerprint::of_person(one)).collect(),
    };
    let time_ms = time.as_millisecond();
    Sorted {
        entry,
        event: LakeEvent { sequence, r#type, source, id, subject, time_ms, event: text },
    }
}
