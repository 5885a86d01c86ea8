//! `accounts/v1/accounts/{accountId}/invoices/{period}`

use super::account;
use crate::app::App;
use crate::domain::{Account, Period, Statement};
use crate::problems;
use crate::views::InvoiceView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: the statement that was closed in this month, and how much of it is paid by now.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (account, statement) = read(app, &request).await?;
    let view = InvoiceView::of(&statement, &account, app.clock.now());
    Ok(Response::ok(&view).cache_control("no-store"))
}

pub(super) async fn read(app: &App, request: &Request) -> Result<(Account, Statement), Problem> {
    let (id, period): (_, Period) = (account::of(request)?, request.param("period")?);
    let (account, statement) =
        tokio::join!(account::read(app, id), app.statements.read(id, period));
    let statement = statement.map_err(unavailable)?;
    Ok((account?, statement.ok_or_else(|| problems::no_such_invoice(period))?))
}
