//! `accounts/v1/accounts/{accountId}/limit`

use super::account;
use crate::app::App;
use crate::domain::{LimitChange, NewLimit};
use crate::problems;
use crate::views::AccountView;
use custom_handler::{Function, Problem, Request, Response, function};
use messages::acting;
use public_api::problems::{invalid_body, not_changed};
use public_api::versions;

pub(crate) const FUNCTION: Function = function!();

/// PUT: the most that may be owed and held, and why. Lower than what is: nothing is taken back, and nothing more
/// approved.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    account::not_for_persons(&request)?;
    let id = account::of(&request)?;
    let (body, by, at) = (request.json_value()?, acting(&request), app.clock.now());
    let changed = app.accounts.set_limit(id, |account| {
        let NewLimit { limit, why } =
            NewLimit::parse(&body, account.currency).map_err(invalid_body)?;
        Ok((limit, LimitChange { before: account.limit, why, by: by.clone(), at }))
    });
    let account = changed.await.map_err(|error| not_changed(error, |problem| problem))?;
    let account = account.ok_or_else(|| problems::no_such_account(id))?;
    tracing::info!(account = %id, revision = account.revision.get(), "the limit was set");
    Ok(versions::current(&AccountView::from(&account)))
}
