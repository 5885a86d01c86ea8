//! Queue `scoring-results`: what scoring found, or why it found nothing.

use crate::app::App;
use crate::domain::{Assessment, AssessmentId, ConsentState, Failed, Outcome, Phase};
use crate::received::{GAVE_UP, GaveUp, SCORED, Scored, UNSCOREABLE, Unscoreable};
use crate::settling;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use serde_json::Value;
use std::convert::Infallible;

pub(crate) const FUNCTION: Function = function!();

/// Ends the assessment, unless it has ended: the first result counts, whatever attempt it is of. Whose consent was taken
/// back gets none.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let event = app.results.read::<Value>(&message, &mut invocation)?;
    let subject = event.event.subject.as_deref().unwrap_or_default();
    let id: AssessmentId = subject.parse().map_err(|_| Failure::give_up("no assessment's id"))?;
    let outcome = match event.r#type {
        SCORED => Outcome::Scored { result: parse::<Scored>(event.data)?.result },
        UNSCOREABLE => {
            let Unscoreable { reason, months_seen } = parse(event.data)?;
            Outcome::NotScoreable { reason, months_seen }
        }
        GAVE_UP => return gave_up(app, id, &parse(event.data)?).await,
        _ => return Err(Failure::give_up("no result of scoring")),
    };
    end(app, id, outcome).await
}

fn parse<T: serde::de::DeserializeOwned>(data: Value) -> Result<T, Failure> {
    serde_json::from_value(data)
        .map_err(|_| Failure::give_up("not what the schema of its type says"))
}

/// A job that came too late is given out again by `sweep`, which knows how long it may take; what is gone stays gone.
async fn gave_up(app: &App, id: AssessmentId, it: &GaveUp) -> Result<Done, Failure> {
    if it.reason == "deadline-passed" {
        return Ok(Done::nothing().log(format!("assessment {id}: its job came too late")));
    }
    let assessment = read(app, id).await?;
    let is_current =
        matches!(assessment.phase, Phase::Scoring { attempt, .. } if attempt == it.attempt);
    if !is_current {
        return Ok(Done::nothing());
    }
    tracing::warn!(assessment = %id, reason = it.reason, "no score could be made");
    end(app, id, Outcome::Failed { code: Failed::NoScore }).await
}

async fn end(app: &App, id: AssessmentId, outcome: Outcome) -> Result<Done, Failure> {
    let assessment = read(app, id).await?;
    let consent = app.consents.read(assessment.consent).await.map_err(Failure::again)?;
    let is_withdrawn =
        consent.is_some_and(|consent| matches!(consent.state, ConsentState::Withdrawn { .. }));
    let outcome = if is_withdrawn { Outcome::Withdrawn } else { outcome };
    let now = app.clock.now();
    let ended =
        |assessment: Assessment| Ok::<_, Infallible>(assessment.ended(outcome.clone(), now));
    let ended = app.assessments.change(id, ended).await.map_err(Failure::again)?;
    if let Some(assessment) = ended {
        settling::settle(app, &assessment).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing())
}

/// One that is not there is an old read, or a store that was set back: it is tried again, and people hear of it.
async fn read(app: &App, id: AssessmentId) -> Result<Assessment, Failure> {
    let found = app.assessments.read(id).await.map_err(Failure::again)?;
    found.ok_or_else(|| Failure::again(format!("assessment {id} is not there")))
}
