//! `credit/v1/reviews`

use crate::app::App;
use crate::domain::{Review, ReviewState};
use crate::views::ReviewView;
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

/// GET: the reviews in a state (open unless said otherwise), newest first. For our own people, with the function's key.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let Query { state, limit, continuation } = request.query()?;
    let state = state.as_deref().map_or(Ok(ReviewState::Open), str::parse);
    let state = state.map_err(|error| Problem::invalid_parameter("state", error))?;
    let list = format!("reviews {state:?}");
    let page = Page::of(&app.continuation, &list, PageQuery { limit, continuation })?;
    let found = app.reviews.list(state, page.after.as_deref(), page.fetch()).await;
    let reviews = found.map_err(unavailable)?;
    let position = |review: &Review| review.id.to_string();
    let answer = page.answer_as(&app.continuation, reviews, position, |it| ReviewView::of(&it))?;
    Ok(answer.cache_control("no-store"))
}
