//! `credit/v1/assessments/{assessmentId}/review`

use super::assessment::{find, id, partner};
use crate::app::App;
use crate::domain::{Outcome, Phase, Review, parse_statement};
use crate::problems;
use crate::views::ReviewView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_written, unavailable};
use public_api::versions;

pub(crate) const FUNCTION: Function = function!();

/// POST: asks that a person of ours looks at the result again. Once for each; the same again is harmless.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, id(&request)?);
    let statement = parse_statement(&request.json_value()?).map_err(invalid_body)?;
    let assessment = find(app, &partner, id).await?;
    let has_result = matches!(
        &assessment.phase,
        Phase::Ended { outcome: Outcome::Scored { .. } | Outcome::NotScoreable { .. }, .. }
    );
    if !has_result {
        return Err(problems::not_scored(crate::views::state(&assessment.phase)));
    }
    let context = id.to_string();
    let sealed = app.secrets.seal_for_long(&statement, &context).map_err(problems::sealed)?;
    let review = Review::ask(id, partner, sealed, app.clock.now());
    let asked = app.reviews.ask(&review).await.map_err(not_written)?;
    let known = app.secrets.open_for_long(&asked.statement, &context);
    if known.map_err(problems::sealed)? != statement {
        return Err(problems::review_asked());
    }
    let url = FUNCTION.url(&[("assessmentId", &id.to_string())]);
    Ok(versions::created(&ReviewView::of(&asked), &url))
}

/// GET: how far it is, and what was found.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, id(&request)?);
    find(app, &partner, id).await?;
    let review = app.reviews.read(id).await.map_err(unavailable)?;
    let review = review.ok_or_else(|| problems::no_such_review(id))?;
    Ok(versions::current(&ReviewView::of(&review)).cache_control("no-store"))
}
