//! `events/v1/replays/{replayId}`

use crate::app::App;
use crate::problems;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// GET: how far a replay is.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: Uuid = request.param("replayId")?;
    let id = id.to_string();
    let found = app.replays.read(&id).await.map_err(unavailable)?;
    Ok(Response::ok(&found.ok_or_else(|| problems::no_such_replay(&id))?))
}

pub(crate) fn url(id: &str) -> String {
    FUNCTION.url(&[("replayId", id)])
}
