//! Messages that have a delivery attempted (`messages/delivery-due.schema.json`), and deliveries whose message was lost.

use crate::app::App;
use crate::domain::Delivery;
use crate::sent::{DELIVERY_DUE, DeliveryDue, SOURCE};
use azure_data::{ChangeError, CosmosFailure, StorageFailure};
use jiff::{SignedDuration, Timestamp};
use messages::{CloudEvent, in_trace_of};
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// Storage hides no message for longer.
const MAX_HIDDEN: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// An attempt that was due so long ago has lost its message, or is in a long queue.
const OVERDUE: SignedDuration = SignedDuration::from_mins(3);
/// What a round looks at, at a time.
const PAGE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
/// When a round stops; the next one goes on.
const ROUND_FOR: Duration = Duration::from_secs(20);

/// Sends the message of a delivery's turn, to be seen when it is due. Of one that is over there is none to send.
pub(crate) async fn send(app: &App, delivery: &Delivery) -> Result<(), StorageFailure> {
    let Some(due_at) = delivery.due_at() else { return Ok(()) };
    let now = app.clock.now();
    let due = DeliveryDue { about: delivery.event.about, turn: delivery.turn };
    let event_id = format!("{}.{}", delivery.id, delivery.turn);
    let event = CloudEvent::new(SOURCE, DELIVERY_DUE, event_id, delivery.id.to_string(), now, due);
    app.delivery_sender.send_later(&event, hidden_for(due_at, now)).await
}

/// In whole seconds, never too early.
fn hidden_for(due_at: Timestamp, now: Timestamp) -> Duration {
    let left = Duration::try_from(due_at.duration_since(now)).unwrap_or_default();
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    Duration::from_secs(seconds).min(MAX_HIDDEN)
}

/// Goes on with deliveries that nobody came for: a handler was killed before it sent the next message.
pub(crate) async fn go_on(app: &App) -> Result<(), CosmosFailure> {
    let ends = Instant::now() + ROUND_FOR;
    while Instant::now() < ends {
        let now = app.clock.now();
        let before = now.saturating_sub(OVERDUE).unwrap_or(now);
        let page = app.deliveries.overdue(before, PAGE).await?;
        for delivery in &page {
            let send = send_anew(app, delivery, now);
            if let Err(error) = in_trace_of(delivery.origin.as_ref(), "go on", send).await {
                tracing::warn!(%error, delivery = %delivery.id, "a delivery waits");
                // It would be the first of the next page again.
                return Ok(());
            }
        }
        if page.len() < PAGE.get() as usize {
            break;
        }
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
enum NotSent {
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
    #[error(transparent)]
    Busy(#[from] azure_data::Exhausted),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
}

/// First the document says that it is due now, so that the next round leaves it to the message.
async fn send_anew(app: &App, delivery: &Delivery, now: Timestamp) -> Result<(), NotSent> {
    let turn = delivery.turn;
    let anew = |it: Delivery| Ok::<_, Infallible>(it.overdue(turn, now));
    let changed = app.deliveries.change(delivery.event.about, delivery.id, anew).await;
    let changed = changed.map_err(|error| match error {
        ChangeError::Refused(never) => match never {},
        ChangeError::Exhausted(others) => NotSent::from(others),
        ChangeError::Failed(failure) => failure.into(),
    })?;
    match changed {
        Some(delivery) => Ok(send(app, &delivery).await?),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_seen_when_it_is_due_and_never_earlier() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let hidden = |ms| hidden_for(now + SignedDuration::from_millis(ms), now).as_secs();
        assert_eq!([-5, 0, 1, 5000, 5001].map(hidden), [0, 0, 1, 5, 6]);
        assert_eq!(hidden(i64::from(u32::MAX)), 7 * 24 * 60 * 60);
    }
}
