//! Orders one line at the vendor, once: what was ordered is written down before and after, and whoever is not sure asks
//! before it orders again.

use crate::app::App;
use crate::domain::{
    AnotherAttempt, OrderLine, ProblemCode, StepProblem, Turn, VendorCall, VendorOrder,
};
use crate::releasing::cancel_surplus;
use crate::steps::{Stopped, Work, broken, over};
use crate::vendor::{Refused, VendorFailure};
use azure_data::ChangeError;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use uuid::Uuid;

/// Whoever comes so long after it said that it orders, does not: another may have been given the turn.
const LATEST_START: SignedDuration = SignedDuration::from_secs(15);
/// A little more than the time that is waited for.
const MARGIN: Duration = Duration::from_millis(500);
/// When to look who was first.
const SOON: Duration = Duration::from_secs(5);

/// The vendor's order for a line, as it is now: found, or made.
pub(crate) async fn order_line(
    app: &App,
    work: &Work,
    line: &OrderLine,
) -> Result<VendorOrder, Stopped> {
    let call = take_up(app, work, line).await?;
    let found = match call.turn() {
        Turn::Ordered(id) => {
            let found = app.vendor.find(&id).await.map_err(later)?;
            let gone = || {
                over(
                    ProblemCode::AnswerUnusable,
                    format!("line {}: the vendor does not know its order {id} any more", line.line),
                )
            };
            return found.ok_or_else(gone);
        }
        Turn::Ask => app.vendor.ordered_as(call.reference).await.map_err(later)?,
        Turn::Order => Vec::new(),
    };
    let first = found.iter().find(|order| !order.is_cancelled()).or(found.first());
    match first {
        Some(order) => choose(app, work, line, order.clone()).await,
        None => make(app, work, line, &call).await,
    }
}

async fn take_up(app: &App, work: &Work, line: &OrderLine) -> Result<VendorCall, Stopped> {
    let (place, attempt, now) = ((work.order.id, line.line), work.due.attempt, app.clock.now());
    let take_up = |call| VendorCall::taken_up(call, place, attempt, line.months, now);
    app.vendor_calls.change(place.0, place.1, take_up).await.map_err(not_ours)
}

/// Orders, if nothing that was sent before may still arrive and nobody else is at it.
async fn make(
    app: &App,
    work: &Work,
    line: &OrderLine,
    call: &VendorCall,
) -> Result<VendorOrder, Stopped> {
    let (me, at) = (Uuid::now_v7(), app.clock.now());
    if let Some(until) = call.may_arrive_until(at) {
        return Err(Stopped::Asleep(pause_until(until, at)));
    }
    let intended = app.vendor_calls.change(work.order.id, line.line, |now| {
        let ours = now.filter(|now| now == call);
        ours.and_then(|call| call.intended(me, at)).ok_or(AnotherAttempt)
    });
    match intended.await {
        Ok(_) => {}
        // Another run orders this line: what it comes to is seen soon.
        Err(ChangeError::Refused(AnotherAttempt)) => return Err(Stopped::Asleep(SOON)),
        Err(error) => return Err(broken(error)),
    }
    if app.clock.now().duration_since(at) > LATEST_START {
        return Err(Stopped::Asleep(SOON));
    }
    match app.vendor.order(call.reference, line).await {
        Ok(order) => choose(app, work, line, order).await,
        Err(Refused::Unknown(failure)) => Err(later(failure)),
        Err(refused) => {
            heard(app, work, line, me).await?;
            Err(stopped(line, refused))
        }
    }
}

/// Nothing more comes of what was sent.
async fn heard(app: &App, work: &Work, line: &OrderLine, me: Uuid) -> Result<(), Stopped> {
    let now = app.clock.now();
    let answered = app.vendor_calls.change(work.order.id, line.line, |call| {
        let call = call.ok_or(AnotherAttempt)?;
        call.answered(me, now).ok_or(AnotherAttempt)
    });
    match answered.await {
        Ok(_) | Err(ChangeError::Refused(AnotherAttempt)) => Ok(()),
        Err(error) => Err(broken(error)),
    }
}

/// Writes down which order it is, and cancels what is there besides. An order that is not what the line wants is none: all
/// is given back when the step has failed.
async fn choose(
    app: &App,
    work: &Work,
    line: &OrderLine,
    order: VendorOrder,
) -> Result<VendorOrder, Stopped> {
    let (attempt, now) = (work.due.attempt, app.clock.now());
    let chosen = app.vendor_calls.change(work.order.id, line.line, |call| {
        let call = call.ok_or(AnotherAttempt)?;
        call.chosen(attempt, &order.id, now).ok_or(AnotherAttempt)
    });
    let call = chosen.await.map_err(not_ours)?;
    if let Err(error) = cancel_surplus(app, &call).await {
        tracing::warn!(%error, order = %work.order.id, line = line.line, "looked for twins later");
    }
    match call.vendor_order {
        Some(id) if id != order.id => {
            let found = app.vendor.find(&id).await.map_err(later)?;
            found.ok_or_else(|| later(VendorFailure::Odd(format!("it does not know {id}"))))
        }
        _ => Ok(order),
    }
}

fn not_ours(error: ChangeError<AnotherAttempt>) -> Stopped {
    match error {
        // The order has gone on without this run; what it wants to say of it is not listened to.
        ChangeError::Refused(AnotherAttempt) => Stopped::Asleep(SOON),
        error => broken(error),
    }
}

/// The vendor is asked again, for an hour.
pub(crate) fn later(failure: VendorFailure) -> Stopped {
    let after = failure.retry_after();
    let why = StepProblem { code: ProblemCode::NotAnswering, detail: failure.to_string() };
    Stopped::Later { why, after }
}

fn stopped(line: &OrderLine, refused: Refused) -> Stopped {
    let (number, service) = (line.line, &line.service);
    match refused {
        Refused::PriceChanged(price) => Stopped::Over(StepProblem::price_changed(line, price)),
        Refused::OutOfStock => {
            let quantity = line.quantity;
            over(
                ProblemCode::OutOfStock,
                format!("line {number}: the vendor has no {quantity} pieces of {service}"),
            )
        }
        Refused::Revision | Refused::Cancelled | Refused::Otherwise(_) => {
            over(ProblemCode::VendorRefused, format!("line {number}: {refused}"))
        }
        Refused::NotSent(failure) | Refused::Unknown(failure) => later(failure),
    }
}

fn pause_until(until: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(until.duration_since(now)).unwrap_or_default() + MARGIN
}
