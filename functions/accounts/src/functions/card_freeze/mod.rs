//! `accounts/v1/accounts/{accountId}/cards/{cardId}/freeze`

use super::card;
use crate::app::App;
use crate::domain::Card;
use crate::problems;
use custom_handler::{Function, Problem, Request, Response, function};

pub(crate) const FUNCTION: Function = function!();

/// PUT: nothing is approved with the card any more, from now on: what was approved before stands.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let (account, id) = card::of(app, &request).await?;
    card::changed(app, &account, id, Card::frozen, problems::card_refusal).await
}

/// DELETE: the card works again.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let (account, id) = card::of(app, &request).await?;
    card::changed(app, &account, id, Card::unfrozen, problems::card_refusal).await
}
