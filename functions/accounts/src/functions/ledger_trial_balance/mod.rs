//! `accounts/v1/ledger/trial-balance`

use crate::app::App;
use crate::trial_balance;
use crate::views::TrialBalanceView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: whether the books balance, looked at now.
pub(crate) async fn get(app: &App, _: Request) -> Result<Response, Problem> {
    let found = trial_balance::take(app).await.map_err(unavailable)?;
    Ok(Response::ok(&TrialBalanceView::of(&found, app.clock.now())).cache_control("no-store"))
}
