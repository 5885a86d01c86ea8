//! `accounts/v1/accounts/{accountId}/cards/{cardId}`

use super::account;
use crate::app::App;
use crate::domain::{AccountId, CardId};
use crate::problems;
use crate::views::CardView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: the card.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (account_id, id) = of(&request)?;
    let account = account::read(app, account_id).await?;
    let card = app.accounts.card(account_id, id).await.map_err(unavailable)?;
    let card = card.ok_or_else(|| problems::no_such_card(id))?;
    Ok(Response::ok(&CardView::of(&card, account.currency)))
}

pub(crate) fn of(request: &Request) -> Result<(AccountId, CardId), Problem> {
    Ok((account::of(request)?, request.param("cardId")?))
}

pub(crate) fn url(account: AccountId, id: CardId) -> String {
    FUNCTION.url(&[("accountId", &account.to_string()), ("cardId", &id.to_string())])
}
