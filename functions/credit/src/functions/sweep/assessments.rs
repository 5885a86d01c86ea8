//! Assessments that are late, or have an end that was not seen to.

use super::page::PAGE;
use crate::app::App;
use crate::domain::{Assessment, Failed, Outcome, Phase};
use crate::settling::{self, NotSettled};
use crate::{fetching, scoring_jobs};
use azure_data::CosmosFailure;
use jiff::{SignedDuration, Timestamp};
use messages::in_trace_of;
use std::convert::Infallible;
use std::time::Instant;

/// Those that are younger are left to whoever is at work.
const YOUNG: SignedDuration = SignedDuration::from_secs(30);
/// A fetch is done by then, or its message was lost: three tries with the pauses that the bank asks for.
const FETCH_LATE: SignedDuration = SignedDuration::from_mins(5);
/// A score is made by then, beyond the wait for its turn, or its message was lost.
const SCORE_LATE: SignedDuration = SignedDuration::from_mins(3);
/// A bank that is only slow has answered by then; people are called.
const BANK_LATE: SignedDuration = SignedDuration::from_mins(3);
/// A wait that people are called for.
const BACKLOG: SignedDuration = SignedDuration::from_mins(5);
/// After that nobody waits for it any more.
const TOO_LATE: SignedDuration = SignedDuration::from_mins(30);

/// Goes on with each; when one does not get on, with the next.
pub(super) async fn go_on(app: &App, ends: Instant) -> Result<(), CosmosFailure> {
    let now = app.clock.now();
    let before = now.saturating_sub(YOUNG).unwrap_or(now);
    let waiting = app.admission.expected_wait().await;
    let waiting = SignedDuration::try_from(waiting).unwrap_or(SignedDuration::MAX);
    let (mut after, mut fetching) = (None, 0);
    if waiting > BACKLOG {
        let wait_s = waiting.as_secs();
        tracing::error!(alarm = "scoring-backlog", wait_s, "scores wait for their turn");
    }
    while Instant::now() < ends {
        let page = app.assessments.watched(after, before, PAGE).await?;
        fetching += page.iter().filter(|it| waits_for_bank(it, now)).count();
        for assessment in &page {
            let look = look_at(app, assessment, now, waiting);
            if let Err(error) = in_trace_of(assessment.origin.as_ref(), "sweep", look).await {
                tracing::warn!(%error, assessment = %assessment.id, "an assessment waits");
            }
        }
        let Some(last) = page.last() else { break };
        after = Some(last.id);
    }
    if fetching > 0 {
        tracing::error!(alarm = "bank-down", assessments = fetching, "the bank does not answer");
    }
    Ok(())
}

fn waits_for_bank(assessment: &Assessment, now: Timestamp) -> bool {
    matches!(assessment.phase, Phase::Fetching { .. })
        && now.duration_since(assessment.created_at) >= BANK_LATE
}

async fn look_at(
    app: &App,
    assessment: &Assessment,
    now: Timestamp,
    waiting: SignedDuration,
) -> Result<(), NotSettled> {
    let age = now.duration_since(assessment.created_at);
    match &assessment.phase {
        Phase::Fetching { .. } if age >= TOO_LATE => {
            fail(app, assessment, Failed::BankUnavailable, now).await
        }
        Phase::Scoring { .. } if age >= waiting + TOO_LATE => {
            fail(app, assessment, Failed::NoScore, now).await
        }
        Phase::Fetching { since, .. } if now.duration_since(*since) >= FETCH_LATE => {
            match begun_anew(app, assessment, now).await? {
                Some(assessment) => Ok(fetching::begin(app, &assessment).await?),
                None => Ok(()),
            }
        }
        Phase::Scoring { since, .. } if now.duration_since(*since) >= waiting + SCORE_LATE => {
            match begun_anew(app, assessment, now).await? {
                Some(assessment) => Ok(scoring_jobs::send(app, &assessment).await?),
                None => Ok(()),
            }
        }
        Phase::Fetching { .. } | Phase::Scoring { .. } => Ok(()),
        Phase::Ended { .. } | Phase::Erased { .. } => settling::settle(app, assessment).await,
    }
}

/// Its phase begins anew, so that the next round waits; `None` if it is in another by now.
async fn begun_anew(
    app: &App,
    assessment: &Assessment,
    now: Timestamp,
) -> Result<Option<Assessment>, NotSettled> {
    let seen = assessment.revision;
    let anew = |it: Assessment| {
        Ok::<_, Infallible>(if it.revision == seen { it.begun_anew(now) } else { it })
    };
    let changed = app.assessments.change(assessment.id, anew).await?;
    Ok(changed.filter(|it| it.is_open() && it.revision != seen))
}

async fn fail(
    app: &App,
    assessment: &Assessment,
    code: Failed,
    now: Timestamp,
) -> Result<(), NotSettled> {
    let ended = |it: Assessment| Ok::<_, Infallible>(it.ended(Outcome::Failed { code }, now));
    match app.assessments.change(assessment.id, ended).await? {
        Some(assessment) => settling::settle(app, &assessment).await,
        None => Ok(()),
    }
}
