//! What all steps do alike: look whether the order wants them, work, keep what came of it, and make the next one due. Always
//! in this order: first the payload, then the order, then the message. Whatever is killed in between is done again by
//! `drive`, and finds what was done.

use crate::app::App;
use crate::domain::{DueStep, Order, OrderId, PayloadPath, ProblemCode, Region, Step, StepProblem};
use crate::neighbour::NeighbourFailure;
use crate::sent::{SOURCE, STEP_DUE};
use crate::settling;
use crate::store::PayloadError;
use azure_data::{ChangeError, StorageFailure};
use custom_handler::{Done, Failure, Invocation, QueueMessage};
use jiff::{SignedDuration, Timestamp};
use messages::{CloudEvent, point_at};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// The pause before the second try; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause between two tries, unless another system asks for more.
const MAX_PAUSE: Duration = Duration::from_secs(5 * 60);
/// After that a person has to look: nobody answers. A step that slept for hours gets its tries all the same.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(1);
const FEWEST_TRIES: u32 = 5;
/// Clocks and queues are not exact: who comes so much too early is not sent away.
const TOO_EARLY: SignedDuration = SignedDuration::from_secs(2);
/// The longest time for which a message can sleep.
const MAX_SLEEP: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What a step is made of.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) order: Order,
    pub(crate) due: DueStep,
}

/// Why a step is not done.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// It cannot be done, unless a person does something.
    Over(StepProblem),
    /// It is tried again, for an hour.
    Later { why: StepProblem, after: Option<Duration> },
    /// Its turn comes then: nothing is wrong.
    Asleep(Duration),
    /// Our own stores failed: the host brings the message again.
    Broken(Failure),
}

/// What a step leaves behind, and what kind it is.
pub(crate) trait Payload: Serialize + DeserializeOwned + Sync {
    /// As the payload's metadata says.
    const TYPE: &'static str;

    /// What the order knows once the step is done, in the same write.
    fn noted(&self, order: Order) -> Order {
        order
    }
}

impl Work {
    /// Reads what the step before left behind.
    pub(crate) async fn input<T: DeserializeOwned>(&self, app: &App) -> Result<T, Stopped> {
        let path = self.order.input_of(self.due.step);
        app.payloads.read(&path).await.map_err(Stopped::from)
    }
}

impl From<PayloadError> for Stopped {
    fn from(error: PayloadError) -> Self {
        match error {
            PayloadError::Expired(path) => over(
                ProblemCode::PayloadExpired,
                format!("{path} is not there any more: restart from an earlier step"),
            ),
            error => Self::Broken(Failure::again(error)),
        }
    }
}

pub(crate) fn over(code: ProblemCode, detail: impl Into<String>) -> Stopped {
    Stopped::Over(StepProblem { code, detail: detail.into() })
}

/// Another app of ours is asked again, for an hour.
pub(crate) fn asked_later(failure: NeighbourFailure) -> Stopped {
    let after = failure.retry_after();
    let why = StepProblem { code: ProblemCode::NotAnswering, detail: failure.to_string() };
    Stopped::Later { why, after }
}

pub(crate) fn broken(error: impl std::fmt::Display) -> Stopped {
    Stopped::Broken(Failure::again(error))
}

/// Makes a step of the order that a message is about, unless it is made already, is not due, or is another's now.
pub(crate) async fn make<T: Payload>(
    app: &App,
    step: Step,
    message: &QueueMessage,
    mut invocation: Invocation,
    work: impl AsyncFnOnce(&Work) -> Result<T, Stopped>,
) -> Result<Done, Failure> {
    let event = app.due_steps.read_reference(message, &mut invocation)?;
    let id: OrderId = event.subject()?.parse().map_err(|_| Failure::give_up("no order's id"))?;
    let found = app.orders.read(id).await.map_err(Failure::again)?;
    let order = found.ok_or_else(|| Failure::again(format!("order {id} is not there")))?;
    point_at(order.origin.as_ref());
    let Some(due) = order.due().filter(|due| due.step == step) else {
        return Ok(Done::nothing().log("nothing is due"));
    };
    let wakes = due.not_before.unwrap_or(Timestamp::MIN);
    if wakes.duration_since(app.clock.now()) > TOO_EARLY {
        return Ok(Done::nothing().log("its turn has not come"));
    }
    let this = Work { order, due };
    match work(&this).await {
        Ok(payload) => finish(app, &this, payload).await,
        Err(Stopped::Over(why)) => fail(app, &this, why).await,
        Err(Stopped::Later { why, after }) => again(app, &this, why, after).await,
        Err(Stopped::Asleep(pause)) => postpone(app, &this, pause).await,
        Err(Stopped::Broken(failure)) => Err(failure),
    }
}

async fn finish<T: Payload>(app: &App, work: &Work, payload: T) -> Result<Done, Failure> {
    let Work { order, due } = work;
    let path = PayloadPath::of(order.id, due.step, due.attempt);
    let kept = app.payloads.keep(&path, T::TYPE, payload).await.map_err(Failure::again)?;
    let now = app.clock.now();
    let done = |order: Order| Some(kept.noted(order.done(*due, path.clone(), now)?));
    changed(app, order.id, done).await
}

/// A person has to look: the order says why, and what follows is done.
async fn fail(app: &App, work: &Work, why: StepProblem) -> Result<Done, Failure> {
    let (id, due, now) = (work.order.id, work.due, app.clock.now());
    tracing::warn!(order = %id, step = %due.step, code = ?why.code, reason = why.detail, "a step failed");
    changed(app, id, |order| order.fail(due, why.clone(), now)).await
}

async fn again(
    app: &App,
    work: &Work,
    why: StepProblem,
    after: Option<Duration>,
) -> Result<Done, Failure> {
    let (id, due, now) = (work.order.id, work.due, app.clock.now());
    if due.tries >= FEWEST_TRIES && now.duration_since(due.since) >= TRIED_FOR {
        let detail = format!("for an hour: {}", why.detail);
        return fail(app, work, StepProblem { code: ProblemCode::NotAnswering, detail }).await;
    }
    tracing::warn!(order = %id, step = %due.step, tries = due.tries, reason = why.detail, "a step is tried again");
    let pause = FIRST_PAUSE * 2_u32.pow(due.tries.min(8));
    let pause = pause.min(MAX_PAUSE).max(after.unwrap_or_default());
    put_off(app, id, pause, |order, until| order.tried(due, why.clone(), until)).await
}

async fn postpone(app: &App, work: &Work, pause: Duration) -> Result<Done, Failure> {
    let due = work.due;
    put_off(app, work.order.id, pause, |order, until| order.postponed(due, until)).await
}

/// First the order says when, then the message is sent that comes then.
async fn put_off(
    app: &App,
    id: OrderId,
    pause: Duration,
    becomes: impl Fn(Order, Timestamp) -> Option<Order>,
) -> Result<Done, Failure> {
    let pause = pause.min(MAX_SLEEP);
    let until = app.clock.now().saturating_add(pause).unwrap_or(Timestamp::MAX);
    let edit = |order: Order| becomes(order, until).ok_or(AnotherRun);
    match app.orders.change(id, edit).await {
        Ok(Some(order)) => {
            let region = app.at_work.goes_on().await;
            send_to(app, &order, &region, pause).await.map_err(Failure::again)?;
        }
        Ok(None) | Err(ChangeError::Refused(AnotherRun)) => {}
        Err(error) => return Err(Failure::again(error)),
    }
    Ok(Done::nothing())
}

/// Writes what the order becomes, and does what follows from it. Where another run was first, so does this one: that run
/// may have been itself, whose answer was lost.
async fn changed(
    app: &App,
    id: OrderId,
    becomes: impl Fn(Order) -> Option<Order>,
) -> Result<Done, Failure> {
    let edit = |order: Order| becomes(order).ok_or(AnotherRun);
    match app.orders.change(id, edit).await {
        Ok(Some(order)) => {
            go_on(app, &order).await.map_err(Failure::again)?;
            Ok(Done::nothing().log("the order goes on"))
        }
        Ok(None) => Ok(Done::nothing().log("the order is gone")),
        Err(ChangeError::Refused(AnotherRun)) => {
            if let Some(order) = app.orders.read(id).await.map_err(Failure::again)? {
                go_on(app, &order).await.map_err(Failure::again)?;
            }
            Ok(Done::nothing().log("another run was first"))
        }
        Err(error) => Err(Failure::again(error)),
    }
}

/// The order became something else while this run was at work.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("another run was first")]
struct AnotherRun;

/// As [`follow`], of an order that this region has at work.
async fn go_on(app: &App, order: &Order) -> Result<(), settling::NotSettled> {
    let region = app.at_work.goes_on().await;
    send_to(app, order, &region, Duration::ZERO).await?;
    settling::settle(app, order).await
}

/// What follows from what an order has become: the message about the step that is due, and its duties. Done again it does
/// no harm.
pub(crate) async fn follow(app: &App, order: &Order) -> Result<(), settling::NotSettled> {
    send(app, order).await?;
    settling::settle(app, order).await
}

/// Says to whoever is at work that a step is due, if one is.
pub(crate) async fn send(app: &App, order: &Order) -> Result<(), StorageFailure> {
    let region = app.at_work.primary().await;
    send_to(app, order, &region, Duration::ZERO).await
}

async fn send_to(
    app: &App,
    order: &Order,
    region: &Region,
    pause: Duration,
) -> Result<(), StorageFailure> {
    let Some(due) = order.due() else { return Ok(()) };
    let DueStep { step, attempt, tries, .. } = due;
    let id = format!("{}.{step}.{attempt}.{tries}", order.id);
    let path = format!("sales-payloads/{}", order.input_of(step));
    let now = app.clock.now();
    let event = CloudEvent::<()>::referring(SOURCE, STEP_DUE, id, order.id.to_string(), now, path);
    app.step_senders.of(step, region).send_later(&event, pause).await
}
