//! What follows from the end of an assessment: at once, and again and again until it is done.

use crate::app::App;
use crate::domain::{Assessment, Duty, Failed, Outcome, Phase};
use crate::telling::{self, Event, EventKind, NotTold};
use azure_data::{ChangeError, CosmosFailure, Exhausted, StorageFailure};
use std::convert::Infallible;

/// Why something is still to be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSettled {
    #[error(transparent)]
    Busy(#[from] Exhausted),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error(transparent)]
    NotTold(#[from] NotTold),
}

impl From<ChangeError<Infallible>> for NotSettled {
    fn from(error: ChangeError<Infallible>) -> Self {
        match error {
            ChangeError::Refused(never) => match never {},
            ChangeError::Exhausted(exhausted) => exhausted.into(),
            ChangeError::Failed(failure) => failure.into(),
        }
    }
}

/// Does what is to be done, and strikes it off. Done again it changes nothing. The first duty that cannot be done does
/// not keep the others.
pub(crate) async fn settle(app: &App, assessment: &Assessment) -> Result<(), NotSettled> {
    app.held.ended(assessment.id);
    let (mut done, mut failed) = (Vec::new(), None);
    for duty in &assessment.duties {
        match fulfil(app, assessment, *duty).await {
            Ok(()) => done.push(*duty),
            Err(error) => failed = Some(error),
        }
    }
    if !done.is_empty() {
        let strike_off = |assessment: Assessment| {
            Ok::<_, Infallible>(done.iter().fold(assessment, |rest, duty| rest.done(*duty)))
        };
        app.assessments.change(assessment.id, strike_off).await?;
    }
    failed.map_or(Ok(()), Err)
}

async fn fulfil(app: &App, assessment: &Assessment, duty: Duty) -> Result<(), NotSettled> {
    match duty {
        Duty::DeleteActivity => Ok(app.activities.delete_all(assessment.id).await?),
        Duty::DeleteReview => Ok(app.reviews.delete(assessment.id).await?),
        Duty::SettleConsent => settle_consent(app, assessment).await,
        Duty::Tell => tell(app, assessment).await,
    }
}

/// A consent has served when the person got an answer; where we or the bank failed it can be used again.
async fn settle_consent(app: &App, assessment: &Assessment) -> Result<(), NotSettled> {
    let (id, now) = (assessment.id, app.clock.now());
    let is_usable_again = matches!(
        &assessment.phase,
        Phase::Ended { outcome: Outcome::Failed { code }, .. } if *code != Failed::ConsentGone
    );
    let is_erased = matches!(assessment.phase, Phase::Erased { .. });
    app.consents
        .change(assessment.consent, |consent| {
            Ok::<_, Infallible>(match (is_erased, is_usable_again) {
                (true, _) if consent.is_with(id) => consent.withdrawn(now),
                (true, _) => consent,
                (false, true) => consent.given_back(id),
                (false, false) => consent.served(id, now),
            })
        })
        .await?;
    Ok(())
}

async fn tell(app: &App, assessment: &Assessment) -> Result<(), NotSettled> {
    let Phase::Ended { at, outcome } = &assessment.phase else { return Ok(()) };
    let kind = match outcome {
        Outcome::Scored { .. } | Outcome::NotScoreable { .. } => EventKind::AssessmentCompleted,
        Outcome::Failed { .. } => EventKind::AssessmentFailed,
        Outcome::Withdrawn => EventKind::AssessmentWithdrawn,
    };
    let (about, partner) = (assessment.id.uuid(), assessment.partner.clone());
    Ok(telling::tell(app, &Event { kind, about, partner, at: *at }).await?)
}
