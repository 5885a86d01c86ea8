//! `accounts/v1/accounts/{accountId}/invoices`

use super::account;
use crate::app::App;
use crate::domain::{Period, Statement};
use crate::views::InvoiceView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::{Page, PageQuery};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: the account's statements, newest first.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id = account::of(&request)?;
    let query: PageQuery = request.query()?;
    let page = Page::of(&app.continuation, &format!("invoices of {id}"), query)?;
    let account = account::read(app, id).await?;
    let before = page.after.as_deref().and_then(|after| after.parse::<Period>().ok());
    let found = app.statements.list(id, before, page.fetch()).await.map_err(unavailable)?;
    let now = app.clock.now();
    let position = |statement: &Statement| statement.period.to_string();
    let view = |statement| InvoiceView::of(&statement, &account, now);
    Ok(page.answer_as(&app.continuation, found, position, view)?.cache_control("no-store"))
}
