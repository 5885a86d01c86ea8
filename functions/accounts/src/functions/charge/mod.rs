//! `accounts/v1/accounts/{accountId}/charges/{chargeId}`

use super::account;
use crate::app::App;
use crate::domain::{AccountId, ChargeId, ChargeOrder, NetworkId, NewCharge, ProfileId};
use crate::figures;
use crate::problems;
use crate::views::ChargeView;
use custom_handler::{Function, Problem, Request, Response, StatusCode, function};
use public_api::Caller;
use public_api::problems::{invalid_body, not_changed, unavailable};
use serde::Deserialize;

pub(crate) const FUNCTION: Function = function!();

/// Whose account it has to be, where nobody has asked for the charge yet.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Owner {
    profile_id: ProfileId,
}

/// GET: how it stands.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (account, charge) = of(&request)?;
    let found = app.ledger.charge_now(account, &NetworkId::of_charge(charge)).await;
    let found = found.map_err(unavailable)?.ok_or_else(|| problems::no_such_charge(charge))?;
    Ok(Response::ok(&ChargeView::of(charge, &found)))
}

/// PUT: holds so much for a merchant of our own, or declines to. 201 once that is decided, 200 if it was before; asked again
/// it is as it stands now.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let (account, charge) = of(&request)?;
    let new = NewCharge::parse(&request.json_value()?).map_err(invalid_body)?;
    if !is_known(app, account, charge).await? {
        check_owner(app, account, new.profile).await?;
    }
    order(app, (account, charge), &ChargeOrder::Hold(new)).await
}

/// DELETE: nothing of it is taken any more. It is remembered also if nobody has asked for it: a question that comes late
/// holds nothing then.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let (account, charge) = of(&request)?;
    let owner = request.query::<Owner>()?;
    if !is_known(app, account, charge).await? {
        check_owner(app, account, owner.profile_id).await?;
    }
    order(app, (account, charge), &ChargeOrder::Reverse).await?;
    Ok(Response::no_content())
}

/// Does it, and shows how the charge stands then.
pub(crate) async fn order(
    app: &App,
    (account, charge): (AccountId, ChargeId),
    order: &ChargeOrder,
) -> Result<Response, Problem> {
    let id = NetworkId::of_charge(charge);
    let charged = app.ledger.charge((account, &id), order, &app.clock).await;
    let charged = charged
        .map_err(|error| not_changed(error, |why| problems::charge_refused(charge, why)))?
        .ok_or_else(|| problems::no_such_account(account))?;
    let (state, is_new) = (charged.hold.charge_state(), charged.is_new);
    tracing::info!(%account, %charge, ?state, is_new, "charge");
    if is_new && matches!(order, ChargeOrder::Hold(_)) {
        figures::decided(charged.hold.declined_for().map_or(Ok(()), Err));
    }
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(Response::json(status, &ChargeView::of(charge, &charged)))
}

/// The account and the charge that a request names, if one of our own apps sends it. Whoever comes from outside has a name,
/// which the gateway gives them.
pub(crate) fn of(request: &Request) -> Result<(AccountId, ChargeId), Problem> {
    match Caller::of(request) {
        Caller::Anonymous => Ok((account::of(request)?, request.param("chargeId")?)),
        Caller::Person(_) | Caller::Partner(_) => Err(problems::for_our_apps()),
    }
}

async fn is_known(app: &App, account: AccountId, charge: ChargeId) -> Result<bool, Problem> {
    let found = app.ledger.charge_now(account, &NetworkId::of_charge(charge)).await;
    Ok(found.map_err(unavailable)?.is_some())
}

/// An account of somebody else is not there.
async fn check_owner(app: &App, id: AccountId, profile: ProfileId) -> Result<(), Problem> {
    let account = account::read(app, id).await?;
    let customer = app.customers.read(account.customer_id).await.map_err(unavailable)?;
    let person = customer.and_then(|customer| customer.person);
    if person.is_some_and(|person| person.profile_id == profile) {
        return Ok(());
    }
    Err(problems::no_such_account(id))
}
