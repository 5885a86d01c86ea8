//! `moderation/cases/{caseId}`

use crate::app::App;
use crate::domain::{Case, CaseId, CaseState};
use crate::lookup;
use crate::moderation::{self, DecisionInput};
use crate::page::{self, Action, CaseDetails, Frame, Holder, Queue, Sent, Standing, Visitor};
use crate::problems;
use askama::Template;
use azure_data::Item;
use custom_handler::{
    ErrorStatus, Function, IfMatch, Problem, Request, Response, function, header,
};
use public_api::versions::entity_tag;
use serde::Deserialize;
use staff_pages::{Principal, see_other};

pub(crate) const FUNCTION: Function = function!();

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    frame: Frame,
    queue: Queue,
    case: CaseDetails,
    /// The case that was decided just now.
    done: Option<CaseDetails>,
    /// Why something was not possible.
    trouble: Option<String>,
}

#[derive(Default, Deserialize)]
struct Query {
    after: Option<String>,
    done: Option<String>,
}

/// GET: the case, and the queue beside it.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let visitor = match page::enter(app, &request)? {
        Ok(visitor) => visitor,
        Err(answer) => return Ok(*answer),
    };
    match show(app, &request, &visitor, None).await {
        Ok(response) => Ok(response),
        Err(problem) => page::refusal(&problem),
    }
}

/// POST: does what a button says. If that is not possible (any more), the case as it is now, and why.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let visitor = match page::enter(app, &request)? {
        Ok(visitor) => visitor,
        Err(answer) => return Ok(*answer),
    };
    let problem = match act(app, &request, &visitor).await {
        Ok(response) => return Ok(response),
        Err(problem) => problem,
    };
    let overtaken = [ErrorStatus::Conflict, ErrorStatus::PreconditionFailed];
    if !overtaken.contains(&problem.status()) {
        return page::refusal(&problem);
    }
    match show(app, &request, &visitor, Some(trouble(&problem))).await {
        Ok(response) => Ok(response.with_status(problem.status().code())),
        Err(problem) => page::refusal(&problem),
    }
}

fn trouble(problem: &Problem) -> String {
    match problem.status() {
        ErrorStatus::PreconditionFailed => {
            "Somebody changed the case while you looked at it; this is how it is now.".to_owned()
        }
        _ => page::words_of(problem),
    }
}

async fn show(
    app: &App,
    request: &Request,
    visitor: &Visitor,
    trouble: Option<String>,
) -> Result<Response, Problem> {
    let id: CaseId = request.param("caseId")?;
    let Query { after, done } = request.query()?;
    let case = lookup::case(app, &id).await?.value;
    let queue = Queue::read(app, visitor, after.as_deref(), Some(&case)).await?;
    let now = app.clock.now();
    let view = |case: &Case| CaseDetails::of(case, &visitor.principal.id, now);
    let done = match done.and_then(|id| id.parse::<CaseId>().ok()) {
        Some(id) => lookup::case(app, &id).await.ok().map(|done| view(&done.value)),
        None => None,
    };
    let case = view(&case);
    let frame = Frame::of(visitor, case.name.clone(), case.place.clone());
    page::page(&CasePage { frame, queue, case, done, trouble })
}

async fn act(app: &App, request: &Request, visitor: &Visitor) -> Result<Response, Problem> {
    let id: CaseId = request.param("caseId")?;
    let Sent { action, expected, leaves } = Sent::read(app, request, visitor)?;
    let (here, me) = (format!("/moderation/cases/{id}"), &visitor.principal);
    match action {
        Action::Next => return next(app, visitor, None, None).await,
        Action::Take => drop(moderation::take(app, &id, me).await?),
        Action::Release => drop(moderation::release(app, &id, me).await?),
        Action::Skip => {
            let case = moderation::release(app, &id, me).await?.value;
            return next(app, visitor, Some(&case), None).await;
        }
        Action::Decide(judged) => {
            let decided = decide(app, &id, expected.as_ref(), judged, visitor).await?.value;
            return next(app, visitor, Some(&decided), Some(&id)).await;
        }
        Action::Undo => {
            let case = moderation::undo(app, &id, expected.as_ref(), me).await?.value;
            turn_back(app, &case, leaves.as_deref(), me).await;
        }
        Action::Greyscale(on) => {
            let cookie = page::greyscale_cookie(on);
            return Ok(see_other(&here).header(header::SET_COOKIE, cookie));
        }
    }
    Ok(see_other(&here))
}

/// Whoever undoes a decision wants to decide anew, and not the case that came after it. That the decision is undone
/// stands, also if somebody else was faster to take the case.
async fn turn_back(app: &App, undone: &Case, leaves: Option<&str>, me: &Principal) {
    if let Some(left) = leaves
        && let Err(problem) = moderation::release(app, left, me).await
    {
        tracing::info!(%problem, case = left, "a case stays with the moderator until the lease ends");
    }
    if undone.state == CaseState::Open
        && let Err(problem) = moderation::take(app, &undone.id, me).await
    {
        tracing::info!(%problem, case = undone.id, "a case was not taken after its decision was undone");
    }
}

/// A case that nobody holds is taken by deciding it.
async fn decide(
    app: &App,
    id: &str,
    expected: Option<&IfMatch>,
    judged: DecisionInput,
    visitor: &Visitor,
) -> Result<Item<Case>, Problem> {
    let me = &visitor.principal;
    let seen = expected.ok_or_else(|| {
        problems::invalid_body(vec![("/revision", "must be that of the case".to_owned())])
    })?;
    let current = lookup::case(app, id).await?;
    if judged.is_decided(&current.value, me) {
        return Ok(current);
    }
    let current = current.value;
    lookup::check_version(&current, Some(seen))?;
    let held = current.held(app.clock.now()).is_some_and(|lease| lease.by == me.id);
    let held = if held { current } else { moderation::take(app, id, me).await?.value };
    let expected = IfMatch::Tags(vec![entity_tag(held.revision)]);
    moderation::decide(app, id, Some(&expected), judged, me).await
}

/// On to a case that nobody looks at; `done` is told there, so that it can be undone.
async fn next(
    app: &App,
    visitor: &Visitor,
    passed: Option<&Case>,
    done: Option<&str>,
) -> Result<Response, Problem> {
    let taken = page::take_next(app, &visitor.principal, passed).await?;
    let place = taken.map_or_else(
        || "/moderation".to_owned(),
        |case| format!("/moderation/cases/{}", case.value.id),
    );
    let done = done.map(|id| format!("?done={id}")).unwrap_or_default();
    Ok(see_other(&format!("{place}{done}")))
}
