//! `accounts/v1/accounts/{accountId}/cards`

use super::{account, card};
use crate::app::App;
use crate::domain::{CardDraft, CardId};
use crate::problems;
use crate::store::{CardPlace, CardToken};
use crate::views::CardView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, unavailable};
use serde_json::json;
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// GET: the account's cards.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let account = account::read(app, account::of(&request)?).await?;
    let cards = app.accounts.cards(account.id).await.map_err(unavailable)?;
    let items: Vec<_> = cards.iter().map(|card| CardView::of(card, account.currency)).collect();
    Ok(Response::ok(&json!({"items": items})))
}

/// POST: adds a card that the processor has made. The same token again is the same card.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let account = account::read(app, account::of(&request)?).await?;
    let body = request.json_value()?;
    let (token, draft) =
        CardDraft::parse(&body, account.currency, str::parse::<CardToken>).map_err(invalid_body)?;
    // First the place, then the card: a token that leads to no card is an unknown card.
    let fresh = CardPlace { account_id: account.id, card_id: CardId::from(Uuid::now_v7()) };
    let place = app.tokens.claim(&token, fresh).await.map_err(problems::not_claimed)?;
    if place.account_id != account.id {
        return Err(problems::token_in_use());
    }
    let issued = draft.issue(place.card_id, account.id, app.clock.now());
    let card = app.accounts.add_card(&issued).await.map_err(unavailable)?;
    Ok(Response::created(&CardView::of(&card, account.currency), card::url(account.id, card.id)))
}
