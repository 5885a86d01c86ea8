//! `moderation/v1/cases/{caseId}`

use crate::app::App;
use crate::domain::CaseId;
use crate::lookup;
use crate::moderation::ROLE;
use crate::views::case;
use custom_handler::{Function, Problem, Request, Response, function};
use staff_pages::Principal;

pub(crate) const FUNCTION: Function = function!();

/// GET: the case and its history; its ETag is what a decision must name.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let moderator = Principal::with_role(&request, ROLE)?;
    let id: CaseId = request.param("caseId")?;
    let case = lookup::case(app, &id).await?;
    Ok(case::answer(&case.value, &moderator, app.clock.now()))
}
