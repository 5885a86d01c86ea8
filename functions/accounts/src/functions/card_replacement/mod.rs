//! `accounts/v1/accounts/{accountId}/cards/{cardId}/replacement`

use super::{card, cards};
use crate::app::App;
use crate::domain::{CardId, parse_loss};
use crate::problems;
use crate::store::CardPlace;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed};
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// PUT: ends the card at once and orders another one in its place; asked again, the same one.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let (account, id) = card::of(app, &request).await?;
    let why = parse_loss(&request.json_value()?).map_err(invalid_body)?;
    let place = CardPlace { account_id: account.id, card_id: id };
    let by = CardId::from(Uuid::now_v7());
    let next = app.cards.replace(place, (why, by, app.clock.now())).await;
    let next = next.map_err(|error| not_changed(error, problems::card_refusal))?;
    let next = next.ok_or_else(|| problems::no_such_card(id))?;
    cards::accepted(app, &next, account.currency).await
}
