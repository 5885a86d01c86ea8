//! `ops/v1/legacy/resend/{resendId}`

use crate::app::App;
use crate::problems::no_such_resend;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: how far it is.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: String = request.param("resendId")?;
    let kept = app.resends.read(&id).await.map_err(unavailable)?;
    let kept = kept.ok_or_else(|| no_such_resend(&id))?;
    Ok(Response::ok(&kept).cache_control("no-store"))
}
