//! Timer, every minute: looks at orders that stand still, since a message of theirs may be lost, and does what follows from
//! their ends. A step that is made twice for that does no harm. Each region does this: what stood still goes to whoever is at
//! work.

mod queues;

use crate::app::App;
use crate::domain::{Order, OrderId};
use crate::steps;
use azure_data::StorageFailure;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use jiff::{SignedDuration, Timestamp};
use messages::in_trace_of;
use queues::Queues;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

pub(crate) const FUNCTION: Function = function!();

/// An order that is due for so long is looked at.
const STANDS_STILL_AFTER: SignedDuration = SignedDuration::from_mins(2);
/// A message that waits for so long, however long the queue is, may be lost.
const LOST_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// How many orders are read at a time, and most of them in one run.
const PAGE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
const MAX_PAGES: usize = 50;
/// When a run stops, and the next one goes on.
const RUN_FOR: Duration = Duration::from_secs(50);

pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let (ends, now) = (Instant::now() + RUN_FOR, app.clock.now());
    let before = now.saturating_sub(STANDS_STILL_AFTER).unwrap_or(Timestamp::MIN);
    let (mut after, mut driven, mut queues) = (None::<OrderId>, 0, Queues::default());
    for _ in 0..MAX_PAGES {
        let page = app.orders.watched(after, before, PAGE).await.map_err(Failure::again)?;
        after = page.last().map(|order| order.id);
        let is_last = page.len() < PAGE.get() as usize;
        for order in page {
            driven += usize::from(drive(app, &order, &mut queues, now).await);
        }
        if is_last || Instant::now() >= ends {
            break;
        }
    }
    Ok(Done::nothing().log(format!("{driven} orders stood still")))
}

/// Whether something was done about it. What cannot be done now is tried again in a minute.
async fn drive(app: &App, order: &Order, queues: &mut Queues, now: Timestamp) -> bool {
    let waits = async {
        let Some(due) = order.due() else { return Ok(false) };
        let since = due.not_before.unwrap_or(due.since);
        let is_young = now.duration_since(since) < LOST_AFTER;
        Ok::<_, StorageFailure>(is_young && queues.are_busy(app, due.step).await?)
    };
    let followed = match waits.await {
        Ok(true) => return false,
        Ok(false) => {
            let follow = Box::pin(steps::follow(app, order));
            let followed = in_trace_of(order.origin.as_ref(), "drive", follow).await;
            followed.map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    if let Err(reason) = &followed {
        tracing::warn!(order = %order.id, reason, "an order stands still");
    }
    followed.is_ok()
}
