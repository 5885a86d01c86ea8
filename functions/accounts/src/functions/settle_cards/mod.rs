//! Timer: cards that were ordered and not made.

use crate::app::App;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use jiff::SignedDuration;
use std::num::NonZeroU32;

/// How long an order may be on its way before it is sent again: whoever kept it may have ended before sending it.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_mins(10);
/// From when on it is not one lost message, which has been sent again by then: the processor does not answer.
const UNANSWERED: SignedDuration = SignedDuration::from_mins(30);
/// Most orders that are sent again at a time.
const MOST: NonZeroU32 = NonZeroU32::new(500).expect("not zero");

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    _tick: TimerTick,
    _invocation: Invocation,
) -> Result<Done, Failure> {
    let now = app.clock.now();
    let waiting = app.cards.waiting_since(now - ON_ITS_WAY, MOST).await;
    let waiting = waiting.map_err(Failure::again)?;
    for place in &waiting {
        app.orders.send(*place).await.map_err(Failure::again)?;
    }
    if !waiting.is_empty() {
        tracing::warn!(cards = waiting.len(), "cards wait for the processor");
        let unanswered = app.cards.waiting_since(now - UNANSWERED, MOST).await;
        let cards = unanswered.map_err(Failure::again)?.len();
        if cards > 0 {
            tracing::error!(alarm = "card-network-down", cards, "the processor makes no cards");
        }
    }
    Ok(Done::nothing())
}
