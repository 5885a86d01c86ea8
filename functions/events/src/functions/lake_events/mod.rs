//! `events/v1/lake/{type}/events`

use crate::app::App;
use crate::avro::LakeEvent;
use crate::domain::Shelf;
use crate::{lake_reading, problems};
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::Page;
use serde_json::Value;

pub(crate) const FUNCTION: Function = function!();

/// GET: a type's events of a day, or of one hour of it: by hours, in an hour by partitions, in a partition as they were sent.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let name: String = request.param("type")?;
    if !Shelf::can_hold(&name) {
        return Err(problems::no_such_type(&name));
    }
    let mut wanted = lake_reading::wanted(request.query()?)?;
    let list = format!("lake-events {name} {} {}", wanted.from, wanted.to);
    let page = Page::of(&app.continuation, &list, std::mem::take(&mut wanted.page))?;
    let files = lake_reading::files(app, &name, &wanted).await?;
    let most = page.fetch().get() as usize;
    let events = lake_reading::events(app, &files, page.after.as_deref(), most).await?;
    page.answer_as(
        &app.continuation,
        events,
        |(place, _)| place.clone(),
        |(_, event)| shown(&event),
    )
}

/// As it was sent.
fn shown(event: &LakeEvent) -> Value {
    serde_json::from_str(&event.event).unwrap_or_default()
}
