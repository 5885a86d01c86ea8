//! `moderation/v1/cases`

use crate::app::App;
use crate::domain::CaseState;
use crate::moderation::{self, ROLE, Shown};
use custom_handler::{Problem, Request, Response};
use iommi_app::{Page, PageQuery, Principal};
use serde::Deserialize;

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
    let cases = moderation::list(app, state, page.after.as_deref(), page.fetch()).await?;
    let now = app.clock.now();
    let shown = cases.iter().map(|case| Shown::brief(case, &moderator, now)).collect();
    Ok(page.answer(&app.continuation, shown, Shown::position)?.cache_control("no-store"))
}
