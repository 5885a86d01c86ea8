//! `events/v1/replays`

use crate::app::App;
use crate::functions::replay;
use crate::replay_wish;
use custom_handler::{Function, Problem, Request, Response, function};
use messages::acting;
use public_api::lists::{Page, PageQuery};
use public_api::problems::{invalid_body, unavailable};

pub(crate) const FUNCTION: Function = function!();

/// GET: replays, the latest first.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let query: PageQuery = request.query()?;
    let page = Page::of(&app.continuation, "replays", query)?;
    let replays = app.replays.latest(page.after.as_deref(), page.fetch()).await;
    page.answer(&app.continuation, replays.map_err(unavailable)?, |replay| replay.id.clone())
}

/// POST: begins one. Asked for twice there are two, and consumers drop what they know.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let wish = replay_wish::of_body(&request.json_value()?, app).map_err(invalid_body)?;
    let begun = replay_wish::begin(app, wish, acting(&request)).await?;
    Ok(Response::accepted_at(&begun, replay::url(&begun.id)))
}
