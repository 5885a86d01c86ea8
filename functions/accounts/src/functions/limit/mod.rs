//! `accounts/v1/accounts/{accountId}/limit`

use super::account;
use crate::app::App;
use crate::domain::{Account, NewLimit};
use crate::problems;
use crate::views::AccountView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed};
use public_api::versions;

pub(crate) const FUNCTION: Function = function!();

/// PUT: the most that may be owed and held. Lower than what is: nothing is taken back, and nothing more approved.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let id = account::of(&request)?;
    let body = request.json_value()?;
    let changed = app.accounts.change(id, |account| {
        let NewLimit { limit, .. } =
            NewLimit::parse(&body, account.currency).map_err(invalid_body)?;
        let edited = Account { limit, ..account.clone() };
        Ok(if edited == account { account } else { edited.revised() })
    });
    let account = changed.await.map_err(|error| not_changed(error, |problem| problem))?;
    let account = account.ok_or_else(|| problems::no_such_account(id))?;
    tracing::info!(account = %id, revision = account.revision.get(), "the limit was set");
    Ok(versions::current(&AccountView::from(&account)))
}
