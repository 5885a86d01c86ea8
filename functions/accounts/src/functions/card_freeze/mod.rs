//! `accounts/v1/accounts/{accountId}/cards/{cardId}/freeze`

use super::{account, card};
use crate::app::App;
use crate::domain::{Card, CardState};
use crate::problems;
use crate::views::CardView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::not_changed;

pub(crate) const FUNCTION: Function = function!();

/// PUT: nothing is approved with the card any more, from now on: what was approved before stands.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    change(app, &request, CardState::Active, CardState::Frozen).await
}

/// DELETE: the card works again.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    change(app, &request, CardState::Frozen, CardState::Active).await
}

async fn change(
    app: &App,
    request: &Request,
    from: CardState,
    to: CardState,
) -> Result<Response, Problem> {
    let (account_id, id) = card::of(request)?;
    let account = account::read(app, account_id).await?;
    let edit = |card: Card| match card.state {
        state if state == to => Ok(card),
        state if state == from => Ok(Card { state: to, ..card }),
        state => Err(problems::card_is(state)),
    };
    let changed = app.accounts.change_card(account_id, id, edit).await;
    let card = changed.map_err(|error| not_changed(error, |problem| problem))?;
    let card = card.ok_or_else(|| problems::no_such_card(id))?;
    Ok(Response::ok(&CardView::of(&card, account.currency)))
}
