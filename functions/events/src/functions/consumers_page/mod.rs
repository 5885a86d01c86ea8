//! `events/consumers`: who reads what, how far they have read, how far hubs were captured, and where what consumers gave up is
//! found. Without a script.

use crate::app::App;
use crate::domain::Standing;
use crate::page;
use crate::reading_apps::{self, ReadPartition, ReadingApp};
use askama::Template;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

#[derive(Template)]
#[template(path = "consumers.html")]
struct Content {
    rows: Vec<ReadingApp>,
}

/// GET: the page.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    page::show(&request, "Consumers", async |_| {
        Ok(Content { rows: reading_apps::all(app).await.map_err(unavailable)? })
    })
    .await
}

/// How a consumer stands, in words.
fn stands(one: &ReadPartition) -> String {
    let progress = &one.progress;
    match (progress.standing, progress.behind, &progress.why) {
        (Standing::CaughtUp, ..) => "has read everything".to_owned(),
        (Standing::Behind, Some(behind), _) => format!("{behind} behind"),
        (Standing::NeverRead, Some(behind), _) => format!("never read, {behind} wait"),
        (Standing::NeverRead, None, _) => "never read, nothing captured".to_owned(),
        (Standing::NotCaptured, ..) => "nothing captured".to_owned(),
        (_, _, Some(why)) => format!("unknown: {why}"),
        _ => "unknown".to_owned(),
    }
}
