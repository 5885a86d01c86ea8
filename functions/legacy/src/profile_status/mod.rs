//! `ops/v1/legacy/profiles/{profileId}`

use crate::app::App;
use crate::domain::{ProfileId, Sync};
use crate::problems;
use custom_handler::{Problem, Request, Response};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    sync: Sync,
    /// How long the mainframe has owed an answer; 0 if it does not.
    lag_seconds: u64,
}

/// GET: what was sent, what was answered, and since when an answer is owed.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: ProfileId = request.param("profileId")?;
    let sync = app.syncs.read(id).await.map_err(problems::unavailable)?;
    let sync = sync.ok_or_else(|| problems::no_such_profile(id))?;
    let lag = sync.lag(app.clock.now()).unwrap_or_default();
    let lag_seconds = u64::try_from(lag.as_secs()).unwrap_or(0);
    Ok(Response::ok(&Shown { sync, lag_seconds }).cache_control("no-store"))
}
