//! `moderation/v1/cases/{caseId}`

use crate::app::App;
use crate::domain::{Case, CaseId};
use crate::moderation::{self, ROLE, Shown, entity_tag};
use custom_handler::{Problem, Request, Response};
use iommi_app::Principal;

/// GET: the case and its history; its ETag is what a decision must name.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let moderator = Principal::with_role(&request, ROLE)?;
    let id: CaseId = request.param("caseId")?;
    let case = moderation::read(app, &id).await?;
    Ok(answer(app, &case.value, &moderator))
}

pub(crate) fn answer(app: &App, case: &Case, moderator: &Principal) -> Response {
    let shown = Shown::whole(case, moderator, app.clock.now());
    Response::ok(&shown).etag(entity_tag(case)).cache_control("no-store")
}
