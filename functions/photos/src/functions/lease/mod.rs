//! `moderation/v1/cases/{caseId}/lease`

use crate::app::App;
use crate::domain::CaseId;
use crate::moderation::{self, ROLE};
use crate::views::case;
use custom_handler::{Function, Problem, Request, Response, function};
use staff_pages::Principal;

pub(crate) const FUNCTION: Function = function!();

/// PUT: keeps the case for whoever asks, ten minutes from now.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let moderator = Principal::with_role(&request, ROLE)?;
    let id: CaseId = request.param("caseId")?;
    let case = moderation::take(app, &id, &moderator).await?;
    Ok(case::answer(&case.value, &moderator, app.clock.now()))
}

/// DELETE: gives the case back.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let moderator = Principal::with_role(&request, ROLE)?;
    let id: CaseId = request.param("caseId")?;
    let case = moderation::release(app, &id, &moderator).await?;
    Ok(case::answer(&case.value, &moderator, app.clock.now()))
}
