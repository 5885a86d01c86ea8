//! `moderation/v1/cases`

use crate::app::App;
use crate::domain::CaseState;
use crate::moderation::ROLE;
use crate::views::case::CaseView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::{Page, PageQuery};
use public_api::problems::unavailable;
use serde::Deserialize;
use staff_pages::Principal;

pub(crate) const FUNCTION: Function = function!();

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CasesQuery {
    state: Option<String>,
    limit: Option<String>,
    continuation: Option<String>,
}

/// GET: the cases in a state (open unless said otherwise), the worst first, of these the oldest.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let moderator = Principal::with_role(&request, ROLE)?;
    let CasesQuery { state, limit, continuation } = request.query()?;
    let state = state.as_deref().map_or(Ok(CaseState::Open), str::parse);
    let state = state.map_err(|error| Problem::invalid_parameter("state", error))?;
    let list = format!("cases {}", state.as_str());
    let page = Page::of(&app.continuation, &list, PageQuery { limit, continuation })?;
    let cases =
        app.cases.list(state, page.after.as_deref(), page.fetch()).await.map_err(unavailable)?;
    let now = app.clock.now();
    let shown = cases.iter().map(|case| CaseView::brief(case, &moderator, now)).collect();
    Ok(page.answer(&app.continuation, shown, CaseView::position)?.cache_control("no-store"))
}
