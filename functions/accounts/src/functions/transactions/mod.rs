//! `accounts/v1/accounts/{accountId}/transactions`

use super::account;
use crate::app::App;
use crate::store::{ListedState, Transactions, Wanted};
use crate::views::TransactionView;
use custom_handler::{Function, Problem, Request, Response, function};
use jiff::Timestamp;
use public_api::lists::{Page, PageQuery};
use public_api::problems::unavailable;
use serde::Deserialize;
use std::fmt::Display;
use std::str::FromStr;

pub(crate) const FUNCTION: Function = function!();

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    from: Option<String>,
    to: Option<String>,
    card: Option<String>,
    state: Option<String>,
    limit: Option<String>,
    continuation: Option<String>,
}

/// GET: what was posted and what is pending, newest first.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id = account::of(&request)?;
    let Query { from, to, card, state, limit, continuation } = request.query()?;
    let list = format!("transactions of {id} {from:?} {to:?} {card:?} {state:?}");
    let wanted = Wanted {
        from: parameter("from", from, str::parse::<Timestamp>)?,
        to: parameter("to", to, str::parse::<Timestamp>)?,
        card: parameter("card", card, FromStr::from_str)?,
        state: parameter("state", state, listed_state)?,
    };
    let page = Page::of(&app.continuation, &list, PageQuery { limit, continuation })?;
    let currency = account::read(app, id).await?.currency;
    let found = app.transactions.list(id, &wanted, page.after.as_deref(), page.fetch()).await;
    let view = |transaction| TransactionView::of(transaction, currency);
    page.answer_as(&app.continuation, found.map_err(unavailable)?, Transactions::position, view)
}

fn parameter<T, E: Display>(
    name: &'static str,
    text: Option<String>,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, Problem> {
    let parsed = text.as_deref().map(parse).transpose();
    parsed.map_err(|error| Problem::invalid_parameter(name, error))
}

fn listed_state(text: &str) -> Result<ListedState, &'static str> {
    match text {
        "posted" => Ok(ListedState::Posted),
        "pending" => Ok(ListedState::Pending),
        _ => Err("must be posted or pending"),
    }
}
