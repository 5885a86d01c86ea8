//! What follows from the end of a consent: at once, and again and again until it is done.

use crate::app::App;
use crate::bank::BankFailure;
use crate::domain::{Assessment, Consent, ConsentDuty, ConsentState, Failed, Outcome};
use crate::settling::{self, NotSettled};
use crate::telling::{self, Event, EventKind};
use jiff::{SignedDuration, Timestamp};
use std::convert::Infallible;

/// An assessment that was begun with the consent is there by then, whatever a read says.
const STRAGGLERS: SignedDuration = SignedDuration::from_hours(1);
/// After that the bank is not asked any more to forget a token: it has ended by itself.
const REVOKED_BY: SignedDuration = SignedDuration::from_hours(24);

/// Ends it if its time is over, does what is to be done, and strikes it off. Done again it changes nothing.
pub(crate) async fn settle(app: &App, consent: &Consent) -> Result<(), NotSettled> {
    let now = app.clock.now();
    let consent = if now >= consent.valid_until && consent.is_live() {
        let expired = |consent: Consent| Ok::<_, Infallible>(consent.expired(now));
        match app.consents.change(consent.id, expired).await? {
            Some(consent) => consent,
            None => return Ok(()),
        }
    } else {
        consent.clone()
    };
    let (mut done, mut failed) = (Vec::new(), None);
    for duty in &consent.duties {
        match fulfil(app, &consent, *duty, now).await {
            Ok(true) => done.push(*duty),
            Ok(false) => {}
            Err(error) => failed = Some(error),
        }
    }
    if !done.is_empty() {
        let strike_off = |consent: Consent| {
            Ok::<_, Infallible>(done.iter().fold(consent, |rest, duty| rest.done(*duty)))
        };
        app.consents.change(consent.id, strike_off).await?;
    }
    failed.map_or(Ok(()), Err)
}

/// `false`: it is still to be done.
async fn fulfil(
    app: &App,
    consent: &Consent,
    duty: ConsentDuty,
    now: Timestamp,
) -> Result<bool, NotSettled> {
    match duty {
        ConsentDuty::Revoke => Ok(revoke(app, consent, now).await),
        ConsentDuty::Stop => stop(app, consent, now).await,
        ConsentDuty::Tell => {
            let ConsentState::Expired { at, .. } = consent.state else { return Ok(true) };
            let (kind, about) = (EventKind::ConsentExpired, consent.id.uuid());
            let partner = consent.partner.clone();
            telling::tell(app, &Event { kind, about, partner, at }).await?;
            Ok(true)
        }
    }
}

async fn revoke(app: &App, consent: &Consent, now: Timestamp) -> bool {
    let ConsentState::Withdrawn { token: Some(token), at, .. } = &consent.state else {
        return true;
    };
    let is_late = now.duration_since(*at) >= REVOKED_BY;
    // A token that nobody can open any more is as good as forgotten.
    let Ok(token) = app.secrets.open_for_now(token, &consent.id.to_string()) else { return true };
    match app.bank.revoke(&token).await {
        Ok(()) => true,
        // A partner's own token is the partner's to revoke.
        Err(BankFailure::Refused(code)) if code == "unauthorized_client" => true,
        Err(error) => {
            tracing::warn!(%error, consent = %consent.id, "the bank was not told to forget a token");
            is_late
        }
    }
}

/// Stops the assessment that works with it. One that is not there may be about to be written.
async fn stop(app: &App, consent: &Consent, now: Timestamp) -> Result<bool, NotSettled> {
    let (id, at, outcome) = match consent.state {
        ConsentState::Withdrawn { assessment: Some(id), at, .. } => (id, at, Outcome::Withdrawn),
        ConsentState::Expired { assessment: Some(id), at } => {
            (id, at, Outcome::Failed { code: Failed::ConsentGone })
        }
        _ => return Ok(true),
    };
    let stopped = |it: Assessment| Ok::<_, Infallible>(it.ended(outcome.clone(), now));
    match app.assessments.change(id, stopped).await? {
        Some(assessment) => {
            settling::settle(app, &assessment).await?;
            Ok(true)
        }
        None => Ok(now.duration_since(at) >= STRAGGLERS),
    }
}
