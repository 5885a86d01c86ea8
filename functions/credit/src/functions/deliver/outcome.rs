//! What follows from an attempt: for the delivery, for the endpoint, and for the partner's other endpoints.

use crate::app::App;
use crate::delivering;
use crate::domain::{
    AttemptFailed, Delivery, DeliveryAttempt, DisabledBecause, Endpoint, Follows, PartnerId,
};
use crate::posting::Posted;
use crate::telling;
use custom_handler::{Done, Failure};
use jiff::{SignedDuration, Timestamp};
use std::convert::Infallible;
use std::time::Duration;
use webhooks::{Answer, Verdict};

/// The longest that one throttled answer keeps an endpoint's other deliveries back.
const LONGEST_REST: SignedDuration = SignedDuration::from_mins(1);

/// Notes it on the endpoint first, and tells its partner's others if that disables it; then on the delivery, and sends what
/// follows. Killed before the note on the delivery, the attempt is made again; after it, a round goes on.
pub(super) async fn record(
    app: &App,
    delivery: &Delivery,
    endpoint: &Endpoint,
    at: Timestamp,
    took: Duration,
    posted: Posted,
) -> Result<Done, Failure> {
    let now = app.clock.now();
    let verdict = judge(&posted, delivery.attempts_in_round + 1);
    let attempt = DeliveryAttempt {
        at,
        duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        status: posted.status.ok(),
        reason: failed(&posted),
        body_hash: posted.body_hash.clone(),
    };
    if let Verdict::Throttled(wait) = verdict {
        let rest = SignedDuration::try_from(wait).unwrap_or(LONGEST_REST).min(LONGEST_REST);
        app.lanes.rest(endpoint.id, now.saturating_add(rest).unwrap_or(now));
    }
    note_on_endpoint(app, delivery.partner(), endpoint, &posted, verdict, now).await?;
    let (turn, follows) = (delivery.turn, follows(verdict));
    let attempted =
        |it: Delivery| Ok::<_, Infallible>(it.attempted(turn, attempt.clone(), follows, now));
    let changed = app.deliveries.change(delivery.event.about, delivery.id, attempted).await;
    if let Some(delivery) = changed.map_err(Failure::again)? {
        delivering::send(app, &delivery).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing())
}

/// `attempt` is its number in the schedule, from 1.
fn judge(posted: &Posted, attempt: u32) -> Verdict {
    let answer = match posted.status {
        Ok(code) => Answer::Status { code, retry_after: posted.retry_after },
        Err(_) => Answer::Nothing,
    };
    answer.judge(attempt, rand::random())
}

fn follows(verdict: Verdict) -> Follows {
    match verdict {
        Verdict::Delivered => Follows::Delivered,
        Verdict::Again(wait) | Verdict::Throttled(wait) => {
            Follows::Again(SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX))
        }
        Verdict::OutOfTries => Follows::OutOfTries,
        Verdict::Disable => Follows::EndpointGone,
    }
}

fn failed(posted: &Posted) -> Option<AttemptFailed> {
    match posted.status {
        Ok(200..=299) => None,
        Ok(_) => Some(AttemptFailed::Status),
        Err(reason) => Some(reason),
    }
}

/// What the endpoint's partner sees of it; when that disables it, the partner's others hear so.
async fn note_on_endpoint(
    app: &App,
    partner: &PartnerId,
    endpoint: &Endpoint,
    posted: &Posted,
    verdict: Verdict,
    now: Timestamp,
) -> Result<(), Failure> {
    let reason = failed(posted);
    let noted = |it: Endpoint| match (verdict, reason) {
        (Verdict::Disable, _) => it.disabled(DisabledBecause::Gone, now),
        (_, Some(reason)) => it.failed(reason, now),
        (_, None) => it.succeeded(),
    };
    if noted(endpoint.clone()) == *endpoint {
        return Ok(());
    }
    let change =
        app.endpoints.change(partner, |all| Ok::<_, Infallible>(all.edited(endpoint.id, noted)));
    let all = change.await.map_err(Failure::again)?;
    match all.find(endpoint.id) {
        Some(endpoint) => {
            telling::tell_disabled(app, partner, endpoint).await.map_err(Failure::again)
        }
        None => Ok(()),
    }
}
