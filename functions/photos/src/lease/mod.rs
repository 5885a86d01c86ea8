//! `moderation/v1/cases/{caseId}/lease`

use crate::app::App;
use crate::case::answer;
use crate::domain::CaseId;
use crate::moderation::{self, ROLE};
use custom_handler::{Problem, Request, Response};
use iommi_app::Principal;

/// PUT: keeps the case for whoever asks, ten minutes from now.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let moderator = Principal::with_role(&request, ROLE)?;
    let id: CaseId = request.param("caseId")?;
    let case = moderation::take(app, &id, &moderator).await?;
    Ok(answer(app, &case.value, &moderator))
}

/// DELETE: gives the case back.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let moderator = Principal::with_role(&request, ROLE)?;
    let id: CaseId = request.param("caseId")?;
    let case = moderation::release(app, &id, &moderator).await?;
    Ok(answer(app, &case.value, &moderator))
}
