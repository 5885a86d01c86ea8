//! `credit/v1/reviews/{assessmentId}`

use super::assessment::id;
use crate::app::App;
use crate::domain::{Decision, Phase, Review};
use crate::explaining;
use crate::problems;
use crate::views::{ReviewCaseView, ReviewView};
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed, unavailable};
use public_api::versions;
use scorecard::Language;
use serde_json::Value;

pub(crate) const FUNCTION: Function = function!();

/// GET: all that a person needs who decides: what is contested, why, and what the score is made of.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id = id(&request)?;
    let review = app.reviews.read(id).await.map_err(unavailable)?;
    let review = review.ok_or_else(|| problems::no_such_review(id))?;
    let assessment = app.assessments.read(id).await.map_err(unavailable)?;
    let assessment = assessment.filter(|it| !matches!(it.phase, Phase::Erased { .. }));
    let assessment = assessment.ok_or_else(|| problems::no_such_review(id))?;
    let language = Language::preferred(request.header("accept-language").unwrap_or_default());
    let explanation = match assessment.phase.score() {
        Some(score) => Some(explaining::explain(score, language).map_err(problems::unexplained)?),
        None => None,
    };
    let statement = app.secrets.open_for_long(&review.statement, &id.to_string());
    let statement = statement.map_err(problems::sealed)?;
    let view = ReviewCaseView { review: ReviewView::of(&review), statement, explanation };
    Ok(versions::current(&view).cache_control("no-store"))
}

/// PATCH: says what was found, if `If-Match` names the current version.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, expected) = (id(&request)?, request.if_match()?);
    let patch = request.merge_patch()?;
    let now = app.clock.now();
    let changed = app.reviews.change(id, |review: Review| {
        let view = ReviewView::of(&review);
        versions::check(&view, &expected)?;
        let body: Value = versions::merged(&view.decision(), &patch);
        let decision = Decision::parse(&body).map_err(invalid_body)?;
        Ok(review.decided(decision, now))
    });
    let review = changed.await.map_err(|error| not_changed(error, |problem| problem))?;
    let review = review.ok_or_else(|| problems::no_such_review(id))?;
    Ok(versions::current(&ReviewView::of(&review)))
}
