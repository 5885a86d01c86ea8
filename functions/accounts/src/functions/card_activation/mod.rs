//! `accounts/v1/accounts/{accountId}/cards/{cardId}/activation`

use super::card;
use crate::app::App;
use crate::domain::{Account, Activation, Card, CardId, CardState};
use crate::problems;
use crate::processor::Asked;
use crate::views::CardView;
use custom_handler::{Function, Problem, Request, Response, StatusCode, function};
use public_api::problems::{invalid_body, not_changed, unavailable};
use public_api::versions;

pub(crate) const FUNCTION: Function = function!();

/// PUT: takes a card into use: 202 until the network has confirmed it, 200 then. Each wrong try counts.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let (account, id) = card::of(app, &request).await?;
    let activation = Activation::parse(&request.json_value()?).map_err(invalid_body)?;
    let card = app.cards.read(account.id, id).await.map_err(unavailable)?;
    if let Some(card) = card.filter(|card| card.state == CardState::Active) {
        return Ok(versions::current(&CardView::of(&card, account.currency)));
    }
    let card = edited(app, &account, id, Card::trying).await?;
    let is_this = card.face.as_ref().is_some_and(|face| face.last_four == activation.last_four);
    if !is_this {
        return Err(problems::wrong_code(card.attempts));
    }
    match app.processor.activate(id, &activation.code).await {
        Ok(Asked::Accepted) => {
            let card = edited(app, &account, id, |card| Ok(card.activating())).await?;
            let view = CardView::of(&card, account.currency);
            let is_done = card.state == CardState::Active;
            let status = if is_done { StatusCode::OK } else { StatusCode::ACCEPTED };
            Ok(versions::current(&view).with_status(status))
        }
        Ok(Asked::WrongCode) => Err(problems::wrong_code(card.attempts)),
        Err(failure) => {
            // If this is not kept the attempt counts: rather one too few than one too many.
            drop(edited(app, &account, id, |card| Ok(card.not_tried())).await);
            Err(problems::processor_away(failure))
        }
    }
}

async fn edited(
    app: &App,
    account: &Account,
    id: CardId,
    edit: impl Fn(Card) -> Result<Card, crate::domain::CardRefusal>,
) -> Result<Card, Problem> {
    let changed = app.cards.change(account.id, id, edit).await;
    let card = changed.map_err(|error| not_changed(error, problems::card_refusal))?;
    card.ok_or_else(|| problems::no_such_card(id))
}
