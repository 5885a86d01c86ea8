//! `accounts/v1/network/events`

use crate::app::App;
use crate::domain::{Card, NetworkEvent};
use crate::network::{self, EventBody, Told};
use crate::problems;
use crate::store::{CardPlace, Recorded};
use custom_handler::{Function, Problem, Request, Response, StatusCode, function};
use public_api::problems::{invalid_body, not_changed, unavailable};
use serde_json::json;
use std::convert::Infallible;

pub(crate) const FUNCTION: Function = function!();

/// POST: what has happened, in any order and as often as it comes. 201 once it is kept, 200 if it was before; whoever
/// hears nothing sends it again.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    network::check(&app.network_keys, &request, app.clock.now())?;
    let body: EventBody = request.json()?;
    let place = app.tokens.find(&body.token).await.map_err(unavailable)?;
    let place = place.ok_or_else(problems::unknown_card)?;
    let currency = app.accounts.currency(place.account_id).await.map_err(unavailable)?;
    let currency = currency.ok_or_else(problems::unknown_card)?;
    let recorded = match body.told(currency).map_err(invalid_body)? {
        Told::Activated => activate(app, place).await?,
        Told::Fact(event) => take(app, place, &event).await?,
    };
    let status = if recorded == Recorded::Now { StatusCode::CREATED } else { StatusCode::OK };
    Ok(Response::json(status, &json!({"id": body.id})))
}

async fn take(app: &App, place: CardPlace, event: &NetworkEvent) -> Result<Recorded, Problem> {
    let taken = app.ledger.take(place, event, &app.clock).await;
    taken.map_err(|error| not_changed(error, never))?.ok_or_else(problems::unknown_card)
}

async fn activate(app: &App, place: CardPlace) -> Result<Recorded, Problem> {
    let CardPlace { account_id, card_id } = place;
    let before = app.cards.read(account_id, card_id).await.map_err(unavailable)?;
    let changed = app.cards.change(account_id, card_id, |card| Ok(card.activated())).await;
    let after = changed.map_err(|error| not_changed(error, never))?;
    let after = after.ok_or_else(problems::unknown_card)?;
    let revision = |card: &Card| card.revision;
    let is_new = before.as_ref().map(revision) != Some(after.revision);
    Ok(if is_new { Recorded::Now } else { Recorded::Before })
}

fn never(never: Infallible) -> Problem {
    match never {}
}
