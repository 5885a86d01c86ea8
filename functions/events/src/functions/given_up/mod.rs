//! `events/v1/given-up`

use crate::app::App;
use crate::gathering::{self, GivenUp};
use custom_handler::{Function, Problem, Request, Response, function};
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// GET: what consumers gave up and nobody has decided about, the latest first.
pub(crate) async fn get(app: &App, _: Request) -> Result<Response, Problem> {
    let GivenUp { apps, items } = gathering::all(app).await;
    Ok(Response::ok(&json!({ "apps": apps, "items": items, "continuation": null })))
}
