//! `events/v1/lake/{type}`

use crate::app::App;
use crate::domain::Shelf;
use crate::lake_reading::{self, place};
use crate::problems;
use crate::store::FileOnShelf;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::Page;
use serde::Serialize;

pub(crate) const FUNCTION: Function = function!();

/// A file of the lake.
#[derive(Serialize)]
struct Shown {
    /// In the container `event-lake`.
    name: String,
    hour: String,
    hub: String,
    partition: u32,
    events: u64,
}

/// GET: the files with a type's events of a day, or of one hour of it.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let name: String = request.param("type")?;
    if !Shelf::can_hold(&name) {
        return Err(problems::no_such_type(&name));
    }
    let mut wanted = lake_reading::wanted(request.query()?)?;
    let list = format!("lake-files {name} {} {}", wanted.from, wanted.to);
    let page = Page::of(&app.continuation, &list, std::mem::take(&mut wanted.page))?;
    let files = lake_reading::files(app, &name, &wanted).await?;
    let is_next = |(shelf, file): &(Shelf, FileOnShelf)| {
        page.after.as_ref().is_none_or(|after| place(shelf, file.first) > *after)
    };
    let next = files.into_iter().filter(is_next).take(page.fetch().get() as usize).collect();
    page.answer_as(&app.continuation, next, |(shelf, file)| place(shelf, file.first), shown)
}

fn shown((shelf, file): (Shelf, FileOnShelf)) -> Shown {
    Shown {
        name: shelf.file(file.first),
        hour: shelf.hour.to_string(),
        hub: shelf.source.hub,
        partition: shelf.source.partition,
        events: file.events,
    }
}
