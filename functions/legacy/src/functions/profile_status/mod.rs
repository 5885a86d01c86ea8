//! `ops/v1/legacy/profiles/{profileId}`

use crate::app::App;
use crate::domain::ProfileId;
use crate::problems::no_such_profile;
use crate::views::StandingView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: what was sent, what was answered, and since when an answer is owed.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ProfileId = request.param("profileId")?;
    let sync = app.syncs.read(id).await.map_err(unavailable)?;
    let sync = sync.ok_or_else(|| no_such_profile(id))?;
    Ok(Response::ok(&StandingView::of(sync, app.clock.now())).cache_control("no-store"))
}
