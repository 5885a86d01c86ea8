//! `accounts/v1/accounts/{accountId}`

use crate::app::App;
use crate::domain::{Account, AccountId, Terms};
use crate::problems;
use crate::views::AccountView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed, unavailable};
use public_api::{Caller, versions};
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// GET: the account; 304 if `If-None-Match` names the current version of its terms.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let account = read(app, of(&request)?).await?;
    Ok(versions::current(&AccountView::from(&account)).cache_control("no-store"))
}

/// PATCH: merges the body (RFC 7396) into the account's terms, if `If-Match` names their current version.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, expected) = (of(&request)?, request.if_match()?);
    let patch = request.merge_patch()?;
    let changed = app.accounts.change(id, |account| {
        versions::check(&AccountView::from(&account), &expected)?;
        let terms = json!({"name": account.name, "statementDay": account.statement_day, "zone": account.cycle.zone});
        let terms = Terms::parse(&versions::merged(&terms, &patch)).map_err(invalid_body)?;
        Ok(terms.applied_to(account))
    });
    let account = changed.await.map_err(|error| not_changed(error, |problem| problem))?;
    let account = account.ok_or_else(|| problems::no_such_account(id))?;
    Ok(versions::current(&AccountView::from(&account)))
}

pub(crate) fn of(request: &Request) -> Result<AccountId, Problem> {
    request.param("accountId")
}

/// Limits, and which cards there are, are not for a customer to say.
pub(crate) fn not_for_persons(request: &Request) -> Result<(), Problem> {
    match Caller::of(request) {
        Caller::Person(_) => Err(problems::not_for_persons()),
        Caller::Partner(_) | Caller::Anonymous => Ok(()),
    }
}

pub(crate) fn url(id: AccountId) -> String {
    FUNCTION.url(&[("accountId", &id.to_string())])
}

pub(crate) async fn read(app: &App, id: AccountId) -> Result<Account, Problem> {
    let account = app.accounts.read(id).await.map_err(unavailable)?;
    account.ok_or_else(|| problems::no_such_account(id))
}
