//! `ops/v1/legacy`

use crate::app::App;
use crate::{lag, problems};
use custom_handler::{Function, Problem, Request, Response, function};

pub(crate) const FUNCTION: Function = function!();

/// GET: how far the mainframe is behind.
pub(crate) async fn get(app: &App, _: Request) -> Result<Response, Problem> {
    let lag = lag::measure(app, app.clock.now()).await.map_err(problems::not_measured)?;
    Ok(Response::ok(&lag).cache_control("no-store"))
}
