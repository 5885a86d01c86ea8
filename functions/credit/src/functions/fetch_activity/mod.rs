//! Queue `credit-fetch`: the bank is to be asked.

mod place;
mod reading;
mod run;

use crate::app::App;
use crate::bank::BankFailure;
use crate::consenting;
use crate::domain::{Assessment, AssessmentId, Consent, ConsentState, Failed, Outcome, Phase};
use crate::fetching;
use crate::sent::FetchDue;
use crate::{scoring_jobs, settling};
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use jiff::SignedDuration;
use run::Ran;
use sealing::SealingError;
use std::convert::Infallible;

pub(crate) const FUNCTION: Function = function!();

/// A job whose message may have been lost is sent again by a message that comes later than this.
const JOB_SENT_BY: SignedDuration = SignedDuration::from_secs(5);

/// Asks the bank, seals what it says, and has it scored. A message that comes twice asks nothing twice: what was read lies
/// sealed under its attempt.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let event = app.fetches.read::<FetchDue>(&message, &mut invocation)?;
    let subject = event.event.subject.as_deref().unwrap_or_default();
    let id: AssessmentId = subject.parse().map_err(|_| Failure::give_up("no assessment's id"))?;
    let due = event.data;
    let found = app.assessments.read(id).await.map_err(Failure::again)?;
    let assessment =
        found.ok_or_else(|| Failure::again(format!("assessment {id} is not there")))?;
    match &assessment.phase {
        Phase::Fetching { attempt, .. } if *attempt == due.attempt => {
            fetch(app, &assessment, due).await
        }
        Phase::Scoring { attempt, since, .. } if *attempt == due.attempt => {
            if app.clock.now().duration_since(*since) >= JOB_SENT_BY {
                scoring_jobs::send(app, &assessment).await.map_err(Failure::again)?;
            }
            Ok(Done::nothing())
        }
        _ => cleared(app, &assessment).await,
    }
}

/// A run that ended after its assessment leaves nothing behind, though nobody had a key to it.
async fn cleared(app: &App, assessment: &Assessment) -> Result<Done, Failure> {
    if !assessment.is_open() {
        app.activities.delete_all(assessment.id).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing())
}

async fn fetch(app: &App, assessment: &Assessment, due: FetchDue) -> Result<Done, Failure> {
    let now = app.clock.now();
    let consent = app.consents.read(assessment.consent).await.map_err(Failure::again)?;
    let Some(consent) = consent else {
        return Err(Failure::again(format!("consent {} is not there", assessment.consent)));
    };
    let Some(token) = consent.token_for(assessment.id, now) else {
        let outcome = match consent.state {
            ConsentState::Withdrawn { .. } => Outcome::Withdrawn,
            _ => Outcome::Failed { code: Failed::ConsentGone },
        };
        return end(app, assessment.id, outcome).await;
    };
    let token = app.secrets.open_for_now(token, &consent.id.to_string());
    let token = match token {
        // What it was sealed with was destroyed: nobody has the token any more.
        Err(SealingError::NoSuchKey) => {
            return failed(app, assessment, &consent, due, BankFailure::ConsentGone).await;
        }
        token => token.map_err(Failure::again)?,
    };
    let ran = run::run(app, assessment, consent.days, &token).await?;
    // Its room is taken when it is needed: a thousand may wait for the bank in `run`.
    match ran {
        Ran::Stored => Box::pin(stored(app, assessment.id, due.attempt)).await,
        Ran::Elsewhere => Ok(Done::nothing().log("another run is at work")),
        Ran::Failed(failure) => Box::pin(failed(app, assessment, &consent, due, failure)).await,
    }
}

/// The answer lies sealed: first the assessment says so, then the job is sent.
async fn stored(app: &App, id: AssessmentId, attempt: u32) -> Result<Done, Failure> {
    let now = app.clock.now();
    let stored =
        |it: Assessment| Ok::<_, Infallible>(it.clone().stored(attempt, now).unwrap_or(it));
    let changed = app.assessments.change(id, stored).await.map_err(Failure::again)?;
    let Some(assessment) = changed else { return Ok(Done::nothing()) };
    match assessment.phase {
        Phase::Scoring { attempt: of, .. } if of == attempt => {
            scoring_jobs::send(app, &assessment).await.map_err(Failure::again)?;
            Ok(Done::nothing())
        }
        // It ended while the bank was asked.
        _ => cleared(app, &assessment).await,
    }
}

/// What may pass is tried again, as late as the bank asks for; when that was too often it ends.
async fn failed(
    app: &App,
    assessment: &Assessment,
    consent: &Consent,
    due: FetchDue,
    failure: BankFailure,
) -> Result<Done, Failure> {
    let id = assessment.id;
    tracing::warn!(assessment = %id, tries = due.tries, reason = %failure, "the bank gave nothing");
    let code = match failure {
        BankFailure::ConsentGone => {
            let now = app.clock.now();
            let expired = |consent: Consent| Ok::<_, Infallible>(consent.expired(now));
            let expired = app.consents.change(consent.id, expired).await.map_err(Failure::again)?;
            if let Some(consent) = expired {
                consenting::settle(app, &consent).await.map_err(Failure::again)?;
            }
            Failed::ConsentGone
        }
        BankFailure::Endless(_) | BankFailure::Refused(_) => Failed::BankAnswerUnusable,
        ref passing => match fetching::next_try(&due, passing.retry_after()) {
            Some(pause) => {
                fetching::again(app, id, &due, pause).await.map_err(Failure::again)?;
                return Ok(Done::nothing());
            }
            None if matches!(passing, BankFailure::Unusable(_)) => Failed::BankAnswerUnusable,
            None => Failed::BankUnavailable,
        },
    };
    end(app, id, Outcome::Failed { code }).await
}

async fn end(app: &App, id: AssessmentId, outcome: Outcome) -> Result<Done, Failure> {
    let now = app.clock.now();
    let ended = |it: Assessment| Ok::<_, Infallible>(it.ended(outcome.clone(), now));
    let ended = app.assessments.change(id, ended).await.map_err(Failure::again)?;
    let Some(assessment) = ended else { return Ok(Done::nothing()) };
    settling::settle(app, &assessment).await.map_err(Failure::again)?;
    cleared(app, &assessment).await
}
