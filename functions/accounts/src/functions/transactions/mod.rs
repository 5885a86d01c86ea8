//! `accounts/v1/accounts/{accountId}/transactions`

use super::account;
use crate::app::App;
use crate::store::Position;
use crate::views::TransactionView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::Page;
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: what was posted, newest first.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id = account::of(&request)?;
    let page = Page::of(&app.continuation, &format!("transactions of {id}"), request.query()?)?;
    account::read(app, id).await?;
    let before =
        page.after.as_deref().and_then(|after| serde_json::from_str::<Position>(after).ok());
    let entries = app.accounts.entries(id, before.as_ref(), page.fetch()).await;
    let position = |entry: &crate::domain::Entry| {
        serde_json::to_string(&Position::of(entry)).unwrap_or_default()
    };
    page.answer_as(
        &app.continuation,
        entries.map_err(unavailable)?,
        position,
        TransactionView::from,
    )
}
