//! `moderation/v1/cases/{caseId}/decision`

use crate::app::App;
use crate::domain::CaseId;
use crate::moderation::{self, DecisionInput, ROLE};
use crate::views::case;
use custom_handler::{Function, Problem, Request, Response, function};
use serde::Deserialize;
use staff_pages::Principal;

pub(crate) const FUNCTION: Function = function!();

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    verdict: String,
    reason: Option<String>,
    note: Option<String>,
}

/// PUT: decides the case, for whoever holds it. `If-Match` names the version that was looked at.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let moderator = Principal::with_role(&request, ROLE)?;
    let id: CaseId = request.param("caseId")?;
    let expected = request.if_match()?;
    let Sent { verdict, reason, note } = request.json()?;
    let judged = DecisionInput::parse(&verdict, reason.as_deref(), note.as_deref())?;
    let case = moderation::decide(app, &id, Some(&expected), judged, &moderator).await?;
    Ok(case::answer(&case.value, &moderator, app.clock.now()))
}

/// DELETE: takes the decision back; the photo is in review again.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let moderator = Principal::with_role(&request, ROLE)?;
    let id: CaseId = request.param("caseId")?;
    let expected = request.if_match()?;
    let case = moderation::undo(app, &id, Some(&expected), &moderator).await?;
    Ok(case::answer(&case.value, &moderator, app.clock.now()))
}
