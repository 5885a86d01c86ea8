//! `credit/v1/assessments`

use crate::admission::{MAX_WAIT, MAX_WAIT_OF_HELD};
use crate::app::{App, Begun};
use crate::beginning::{self, Wanted};
use crate::domain::{Assessment, NewAssessment};
use crate::functions::assessment::{partner, url};
use crate::holding::{self, HOLD_LIMIT};
use crate::problems;
use crate::views::AssessmentView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::Caller;
use public_api::idempotency::not_repeatable;
use public_api::problems::{invalid_body, unavailable};
use std::time::Duration;
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// POST: begins an assessment. 202 with where to ask; 200 with the result if the client would wait for it and it came in
/// time. With an `Idempotency-Key`, the same request is about the same assessment for 24 hours.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let partner = partner(&request)?;
    let (key, body) = (request.idempotency_key()?, request.json_value()?);
    let new = NewAssessment::parse(&body).map_err(invalid_body)?;
    let fresh = Begun::now(app.clock.now(), Uuid::now_v7);
    let (begun, is_repeated) = match key {
        Some(key) => {
            let caller = Caller::of(&request);
            let begun = app.begun.begin(&caller, &key, &body.to_string(), fresh).await;
            let begun = begun.map_err(not_repeatable)?;
            (begun.record, begun.repeated)
        }
        None => (fresh, false),
    };
    let backlog = app.admission.expected_wait().await;
    // What was begun is not turned away when it is asked for again.
    if backlog > MAX_WAIT && !is_repeated {
        return Err(problems::overloaded(backlog));
    }
    let wait = request.prefer().wait().filter(|_| backlog <= MAX_WAIT_OF_HELD);
    let wanted = Wanted { partner, new, begun, is_repeated };
    // Two thousand may wait: each keeps its assessment, and neither the request nor the room that beginning takes.
    drop((request, body));
    let assessment = Box::pin(beginning::begin(app, wanted)).await?;
    answer(app, assessment, wait).await
}

async fn answer(
    app: &App,
    assessment: Assessment,
    wait: Option<Duration>,
) -> Result<Response, Problem> {
    let assessment = match wait {
        Some(wait) => holding::until_ended(app, assessment, wait).await.map_err(unavailable)?,
        None => assessment,
    };
    let view = AssessmentView::of(&assessment, &app.secrets).map_err(problems::sealed)?;
    match (assessment.progress(), wait) {
        (None, Some(wait)) => {
            let applied = format!("wait={}", wait.min(HOLD_LIMIT).as_secs());
            Ok(Response::ok(&view).preference_applied(applied))
        }
        (None, None) => Ok(Response::accepted_at(&view, url(assessment.id))),
        (Some(progress), wait) => {
            let later = progress.ask_again_in(app.clock.now());
            let answer = Response::accepted_at(&view, url(assessment.id)).retry_after(later);
            Ok(match wait {
                Some(_) => answer.preference_applied("respond-async"),
                None => answer,
            })
        }
    }
}
