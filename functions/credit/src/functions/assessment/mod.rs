//! `credit/v1/assessments/{assessmentId}`

use crate::app::App;
use crate::domain::{Assessment, AssessmentId, PartnerId, Phase};
use crate::problems::{self, no_such_assessment};
use crate::settling;
use crate::views::AssessmentView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{not_changed, unavailable};
use public_api::{Caller, versions};

pub(crate) const FUNCTION: Function = function!();

/// GET: how far it is, or how it ended. Always 200: an assessment that failed has an end like others.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let partner = partner(&request)?;
    let known = request.if_none_match()?;
    let assessment = find(app, &partner, id(&request)?).await?;
    let view = AssessmentView::of(&assessment, &app.secrets).map_err(problems::sealed)?;
    let answer = versions::unless_known(&view, known);
    let progress = assessment.progress();
    Ok(match progress {
        Some(progress) => answer.retry_after(progress.ask_again_in(app.clock.now())),
        None => answer,
    })
}

/// DELETE: stops it if it is at work, and leaves nothing of the person. Nobody hears of it: whoever asks knows.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, id(&request)?);
    let now = app.clock.now();
    let erased = app.assessments.change(id, |assessment| {
        if assessment.partner != partner {
            return Err(no_such_assessment(id));
        }
        Ok(assessment.erased(now))
    });
    let erased = erased.await.map_err(|error| not_changed(error, |problem| problem))?;
    let assessment = erased.ok_or_else(|| no_such_assessment(id))?;
    settling::settle(app, &assessment).await.map_err(problems::not_settled)?;
    Ok(Response::no_content())
}

pub(crate) fn url(id: AssessmentId) -> String {
    FUNCTION.url(&[("assessmentId", &id.to_string())])
}

/// The partner that calls: nobody else has assessments.
pub(crate) fn partner(request: &Request) -> Result<PartnerId, Problem> {
    let caller = Caller::of(request);
    let id = caller.partner().ok_or_else(problems::for_partners_only)?;
    Ok(PartnerId::new(id.as_str()))
}

pub(crate) fn id(request: &Request) -> Result<AssessmentId, Problem> {
    request.param("assessmentId")
}

/// The partner's own assessment: of another's nobody learns whether it is there.
pub(crate) async fn find(
    app: &App,
    partner: &PartnerId,
    id: AssessmentId,
) -> Result<Assessment, Problem> {
    let found = app.assessments.read(id).await.map_err(unavailable)?;
    let is_there = |it: &Assessment| !matches!(it.phase, Phase::Erased { .. });
    let own = found.filter(|it| it.partner == *partner && is_there(it));
    own.ok_or_else(|| no_such_assessment(id))
}
