//! `accounts/v1/network/events`

use crate::app::App;
use crate::network::{self, EventBody};
use crate::problems;
use crate::store::Recorded;
use custom_handler::{Function, Problem, Request, Response, StatusCode, function};
use public_api::problems::{not_changed, unavailable};
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// POST: a fact, in any order and as often as it comes. 200 once it is kept; whoever hears nothing sends it again.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    network::check(&app.network_keys, &request, app.clock.now())?;
    let body: EventBody = request.json()?;
    let place = app.tokens.find(&body.token).await.map_err(unavailable)?;
    let place = place.ok_or_else(problems::unknown_card)?;
    let account = app.accounts.read(place.account_id).await.map_err(unavailable)?;
    let account = account.ok_or_else(problems::unknown_card)?;
    let event = body.in_currency(account.currency).map_err(public_api::problems::invalid_body)?;
    let taken = app.ledger.take(place, &event, &app.clock).await;
    let taken = taken.map_err(|error| not_changed(error, |never| match never {}))?;
    let recorded = taken.ok_or_else(problems::unknown_card)?;
    let status = if recorded == Recorded::Now { StatusCode::CREATED } else { StatusCode::OK };
    Ok(Response::json(status, &json!({"id": event.id})))
}
