//! `accounts/v1/accounts/{accountId}/transactions/{transactionId}`

use super::account;
use crate::app::App;
use crate::domain::NetworkId;
use crate::problems;
use crate::views::TransactionView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: what was posted, or is held, under an id.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: NetworkId = request.param("transactionId")?;
    let account = account::read(app, account::of(&request)?).await?;
    let found = app.transactions.find(account.id, &id).await.map_err(unavailable)?;
    let transaction = found.ok_or_else(problems::no_such_transaction)?;
    Ok(Response::ok(&TransactionView::of(transaction, account.currency)))
}
