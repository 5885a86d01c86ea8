//! `accounts/v1/support-cases`

use super::account;
use crate::app::App;
use crate::domain::CaseState;
use crate::views::CaseView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::{Page, PageQuery};
use public_api::problems::unavailable;
use serde::Deserialize;

pub(crate) const FUNCTION: Function = function!();

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    state: Option<String>,
    limit: Option<String>,
    continuation: Option<String>,
}

/// GET: the cases in a state (open unless said otherwise), newest first. For customer service, not for customers.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    account::not_for_persons(&request)?;
    let Query { state, limit, continuation } = request.query()?;
    let state = state.as_deref().map_or(Ok(CaseState::Open), str::parse);
    let state = state.map_err(|error| Problem::invalid_parameter("state", error))?;
    let list = format!("support cases {state:?}");
    let page = Page::of(&app.continuation, &list, PageQuery { limit, continuation })?;
    let found = app.support_cases.list(state, page.after.as_deref(), page.fetch()).await;
    let cases = found.map_err(unavailable)?;
    let position = |case: &crate::domain::SupportCase| case.id.to_string();
    let answer = page.answer_as(&app.continuation, cases, position, CaseView::from)?;
    Ok(answer.cache_control("no-store"))
}
