//! What the lake keeps about somebody, taken out of it.

use crate::app::App;
use crate::avro::LakeEvent;
use crate::domain::{Event, Shelf};
use crate::fingerprint;
use crate::store::{Found, LakeError};
use azure_data::{ChangeError, CosmosFailure};
use std::convert::Infallible;

/// How often pages are asked for in one run: of 100 each. What is left is found by the next one.
const MAX_ROUNDS: usize = 1_000;

/// Why something may be left.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotErased {
    #[error(transparent)]
    Lake(#[from] LakeError),
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Change(#[from] ChangeError<Infallible>),
    #[error("{0} pages were looked at and there are more: it goes on when this is tried again")]
    More(usize),
}

/// Takes out all events that name the person with this hash; how many they were. A file is rewritten before its page forgets the
/// person, so that whoever comes after a crash finds it again.
pub(crate) async fn erase(app: &App, person: &str) -> Result<u64, NotErased> {
    let (mut taken, mut pages) = (0, 0);
    for _ in 0..MAX_ROUNDS {
        let found = app.shelves.about(person).await?;
        if found.is_empty() {
            app.erasures.looked_through(person, taken, app.clock.now()).await?;
            return Ok(taken);
        }
        pages += found.len();
        for page in found {
            taken += off(app, &page, person).await?;
            app.shelves.forget(&page, person).await?;
        }
    }
    Err(NotErased::More(pages))
}

async fn off(app: &App, page: &Found, person: &str) -> Result<u64, NotErased> {
    let Ok(shelf) = page.shelf.parse::<Shelf>() else { return Ok(0) };
    let events = app.lake.read(&shelf, page.first).await?;
    let before = events.len();
    let kept: Vec<LakeEvent> = events.into_iter().filter(|event| !names(event, person)).collect();
    let taken = (before - kept.len()) as u64;
    if taken > 0 {
        app.lake.write(&shelf, page.first, &kept).await?;
        app.shelves.note(&shelf, page.first, kept.len() as u64).await?;
    }
    Ok(taken)
}

/// Whether an event is about a person. One that cannot be read any more is taken for such a one.
fn names(event: &LakeEvent, person: &str) -> bool {
    let read = Event::read(event.event.as_bytes());
    read.map_or(true, |event| event.people.iter().any(|one| fingerprint::of_person(one) == person))
}
