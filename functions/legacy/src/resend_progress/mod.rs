//! `ops/v1/legacy/resend/{resendId}`

use crate::app::App;
use crate::problems;
use custom_handler::{Problem, Request, Response};

/// GET: how far it is.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: String = request.param("resendId")?;
    let kept = app.resends.read(&id).await.map_err(problems::unavailable)?;
    let kept = kept.ok_or_else(|| problems::no_such_resend(&id))?;
    Ok(Response::ok(&kept.value).cache_control("no-store"))
}
