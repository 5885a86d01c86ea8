//! `accounts/v1/accounts/{accountId}/cards/{cardId}`

use super::account;
use crate::app::App;
use crate::domain::{Account, AccountId, Card, CardId, CardLimits, KnownCard};
use crate::problems;
use crate::store::{CardPlace, CardToken};
use crate::views::CardView;
use azure_data::ChangeError;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed, unavailable};
use public_api::versions;
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// GET: the card; 304 if `If-None-Match` names its current version.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (account, id) = of(app, &request).await?;
    let card = app.cards.read(account.id, id).await.map_err(unavailable)?;
    let card = card.ok_or_else(|| problems::no_such_card(id))?;
    Ok(versions::current(&CardView::of(&card, account.currency)))
}

/// PUT: a card that its holder uses already, and that the processor knows by this token. Again it changes nothing.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    account::not_for_persons(&request)?;
    let (account, id) = of(app, &request).await?;
    let body = request.json_value()?;
    let KnownCard { token, face, limits } =
        KnownCard::parse(&body, account.currency, str::parse::<CardToken>).map_err(invalid_body)?;
    // First the place, then the card: a token that leads to no card is an unknown card.
    let wanted = CardPlace { account_id: account.id, card_id: id };
    let place = app.tokens.claim(&token, wanted).await.map_err(problems::not_claimed)?;
    if place != wanted {
        return Err(problems::token_in_use());
    }
    let card = Card::ordered(id, account.id, limits, app.clock.now()).taken_over(face.clone());
    let card = app.cards.add(&card).await.map_err(unavailable)?;
    if card.face != Some(face) {
        return Err(problems::card_is(card.state));
    }
    let view = CardView::of(&card, account.currency);
    Ok(versions::created(&view, &url(account.id, id)))
}

/// PATCH: merges the body (RFC 7396) into the card's limits, if `If-Match` names its current version.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    let expected = request.if_match()?;
    let (account, id) = of(app, &request).await?;
    let (patch, currency) = (request.merge_patch()?, account.currency);
    let edit = |card: Card| {
        let view = CardView::of(&card, currency);
        versions::check(&view, &expected)?;
        let now = json!({"purchaseLimit": view.purchase_limit, "monthLimit": view.month_limit});
        let limits = CardLimits::parse(&versions::merged(&now, &patch), currency);
        Ok(card.limited(limits.map_err(invalid_body)?))
    };
    changed(app, &account, id, edit, |problem| problem).await
}

/// The card after `edit`, as it is answered.
pub(super) async fn changed<E>(
    app: &App,
    account: &Account,
    id: CardId,
    edit: impl Fn(Card) -> Result<Card, E>,
    refused: impl FnOnce(E) -> Problem,
) -> Result<Response, Problem> {
    let changed: Result<Option<Card>, ChangeError<E>> =
        app.cards.change(account.id, id, edit).await;
    let card = changed.map_err(|error| not_changed(error, refused))?;
    let card = card.ok_or_else(|| problems::no_such_card(id))?;
    Ok(versions::current(&CardView::of(&card, account.currency)))
}

/// The account that the request names, and the card's id.
pub(super) async fn of(app: &App, request: &Request) -> Result<(Account, CardId), Problem> {
    let (account_id, id) = (account::of(request)?, request.param("cardId")?);
    Ok((account::read(app, account_id).await?, id))
}

pub(crate) fn url(account: AccountId, id: CardId) -> String {
    FUNCTION.url(&[("accountId", &account.to_string()), ("cardId", &id.to_string())])
}
