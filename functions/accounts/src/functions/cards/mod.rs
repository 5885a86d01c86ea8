//! `accounts/v1/accounts/{accountId}/cards`

use super::{account, card};
use crate::app::App;
use crate::domain::{Card, CardId, CardLimits};
use crate::store::CardPlace;
use crate::views::CardView;
use custom_handler::{Function, Problem, Request, Response, function};
use money::Currency;
use public_api::Caller;
use public_api::idempotency::not_repeatable;
use public_api::problems::{invalid_body, unavailable};
use serde_json::json;
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// GET: the account's cards.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let account = account::read(app, account::of(&request)?).await?;
    let cards = app.cards.of(account.id).await.map_err(unavailable)?;
    let items: Vec<_> = cards.iter().map(|card| CardView::of(card, account.currency)).collect();
    Ok(Response::ok(&json!({"items": items})))
}

/// POST: orders a card, which the processor makes and sends to its holder. With an `Idempotency-Key`, the same request
/// is the same order for 24 hours.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let key = request.idempotency_key()?;
    let account = account::read(app, account::of(&request)?).await?;
    let body = request.json_value()?;
    let limits = CardLimits::parse(&body, account.currency).map_err(invalid_body)?;
    let now = app.clock.now();
    let fresh = CardPlace { account_id: account.id, card_id: CardId::from(Uuid::now_v7()) };
    let place = match key {
        Some(key) => {
            let content = format!("{} {body}", account.id);
            let begun = app.ordered.begin(&Caller::of(&request), &key, &content, fresh).await;
            begun.map_err(not_repeatable)?.record
        }
        None => fresh,
    };
    let ordered = Card::ordered(place.card_id, account.id, limits, now);
    let card = app.cards.add(&ordered).await.map_err(unavailable)?;
    accepted(app, &card, account.currency).await
}

/// An order that is kept, and sent on its way. If it is not sent, `settle_cards` finds it.
pub(super) async fn accepted(
    app: &App,
    card: &Card,
    currency: Currency,
) -> Result<Response, Problem> {
    let place = CardPlace { account_id: card.account_id, card_id: card.id };
    if let Err(error) = app.orders.send(place).await {
        tracing::warn!(%error, card = %card.id, "an order waits for the next look at waiting cards");
    }
    Ok(Response::accepted_at(&CardView::of(card, currency), card::url(card.account_id, card.id)))
}
