//! `events/v1/consumers`

use crate::app::App;
use crate::reading_apps;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// GET: which app reads which hub, how far it has read and the hub was captured, and where what the app gave up is found.
pub(crate) async fn get(app: &App, _: Request) -> Result<Response, Problem> {
    let items = reading_apps::all(app).await.map_err(unavailable)?;
    Ok(Response::ok(&json!({ "items": items, "continuation": null })))
}
