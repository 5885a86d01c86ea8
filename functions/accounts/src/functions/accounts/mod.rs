//! `accounts/v1/accounts`

use crate::app::{App, Opened};
use crate::domain::{AccountId, NewAccount};
use crate::functions::account;
use crate::problems;
use crate::views::AccountView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::idempotency::not_repeatable;
use public_api::problems::{busy, invalid_body, not_changed};
use public_api::{Caller, versions};
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// POST: opens an account. With an `Idempotency-Key`, the same request gets the same answer for 24 hours.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    account::not_for_persons(&request)?;
    let key = request.idempotency_key()?;
    let body = request.json_value()?;
    let wanted = NewAccount::parse(&body).map_err(invalid_body)?;
    let wanted_by = wanted.customer_id();
    let fresh = Opened { account_id: AccountId::from(Uuid::now_v7()), opened_at: app.clock.now() };
    let Opened { account_id, opened_at } = match key {
        Some(key) => {
            let caller = Caller::of(&request);
            let begun = app.opened.begin(&caller, &key, &body.to_string(), fresh).await;
            begun.map_err(not_repeatable)?.record
        }
        None => fresh,
    };
    let account = wanted.open(account_id, opened_at);
    // First the customer's list and whose the reference is, then the account: none is opened that those do not know.
    let customer = app.customers.add_account(wanted_by, account_id).await;
    let customer = customer.map_err(|error| not_changed(error, problems::no_account_for))?;
    customer.ok_or_else(problems::unknown_customer)?;
    let owner = app.references.claim(account_id).await.map_err(problems::not_claimed)?;
    if owner != account_id {
        return Err(busy());
    }
    app.accounts.open(&account).await.map_err(problems::not_opened)?;
    Ok(versions::created(&AccountView::from(&account), &account::url(account_id)))
}
