//! `moderation/v1/statistics`

use crate::app::App;
use crate::moderation::{self, ROLE};
use custom_handler::{Function, Problem, Request, Response, function};
use staff_pages::Principal;

pub(crate) const FUNCTION: Function = function!();

/// GET: how many cases wait, how long, and how decisions fare.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    Principal::with_role(&request, ROLE)?;
    let statistics = moderation::statistics(app).await?;
    Ok(Response::ok(&statistics).cache_control("no-store"))
}
