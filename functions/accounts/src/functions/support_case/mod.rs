//! `accounts/v1/support-cases/{caseId}`

use super::account;
use crate::app::App;
use crate::domain::CaseId;
use crate::problems;
use crate::views::CaseView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed, unavailable};
use public_api::versions;
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// GET: the case, with what was written. For customer service, not for customers.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    account::not_for_persons(&request)?;
    let id: CaseId = request.param("caseId")?;
    let case = app.support_cases.read(id).await.map_err(unavailable)?;
    let case = case.ok_or_else(|| problems::no_such_case(id))?;
    Ok(versions::current(&CaseView::from(case)).cache_control("no-store"))
}

/// PATCH: says how far the case is, if `If-Match` names its current version.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    account::not_for_persons(&request)?;
    let (id, expected): (CaseId, _) = (request.param("caseId")?, request.if_match()?);
    let patch = request.merge_patch()?;
    let changed = app.support_cases.change(id, |case| {
        versions::check(&CaseView::from(case.clone()), &expected)?;
        let body = versions::merged(&json!({"state": case.state}), &patch);
        case.with_state(&body).map_err(invalid_body)
    });
    let case = changed.await.map_err(|error| not_changed(error, |problem| problem))?;
    let case = case.ok_or_else(|| problems::no_such_case(id))?;
    Ok(versions::current(&CaseView::from(case)))
}
