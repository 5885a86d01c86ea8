//! Each minute: what was sent against what was answered. Measures the lag and raises the alarm, sends again what was
//! never answered, and sets going what an interruption has stopped.

use crate::app::App;
use crate::lag::{self, Lag};
use crate::outbox::Asked;
use crate::{replay, resending};
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use jiff::SignedDuration;
use std::num::NonZeroU32;

pub(crate) const FUNCTION: Function = function!();

/// Profiles that are sent again at a time, and how often in one minute.
const PAGE: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
const MAX_PAGES: usize = 10;
/// With more than this in the outbox the mainframe is behind, not deaf: what it has not answered is still waiting for
/// it, and more of the same would only make the queue longer.
const MAX_OUTBOX: u64 = 1_000;
/// A resend without a step for this long has lost its message.
const STUCK_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// Most resends that are set going in one minute.
const MAX_STUCK: NonZeroU32 = NonZeroU32::new(20).expect("not zero");

pub(crate) async fn handle(
    app: &App,
    _: TimerTick,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let now = app.clock.now();
    let lag = lag::measure(app, now).await.map_err(Failure::again)?;
    tell(&lag);
    let stuck = app.resends.stuck(now - STUCK_AFTER, MAX_STUCK).await.map_err(Failure::again)?;
    for resend in &stuck {
        resending::ask(app, resend).await.map_err(Failure::again)?;
    }
    if lag.outbox_length > MAX_OUTBOX {
        return Ok(Done::nothing());
    }
    let mut again = 0;
    for _ in 0..MAX_PAGES {
        let due = app.syncs.due(now, PAGE).await.map_err(Failure::again)?;
        let page_is_full = due.len() == PAGE.get() as usize;
        let profiles = due.into_iter().map(|sync| sync.id).collect();
        let sent = replay::send_again(app, profiles, invocation.trace(), Asked::Once).await;
        again += sent.map_err(Failure::again)?;
        if !page_is_full {
            break;
        }
    }
    if again > 0 {
        tracing::warn!(profiles = again, "sent again: never answered");
    }
    Ok(Done::nothing())
}

/// One line with the numbers, which is what metrics are made of, and one that alerts look for.
fn tell(lag: &Lag) {
    tracing::info!(
        target: "metric",
        metric = "legacy-lag",
        lag_seconds = lag.lag_seconds,
        waiting = lag.waiting.count,
        refused = lag.refused.count,
        open_dead_letters = lag.open_dead_letters.count,
        outbox_length = lag.outbox_length,
        inbox_length = lag.inbox_length,
        "lag"
    );
    if lag.alarm {
        let profile = lag.oldest.as_ref().map(|oldest| oldest.profile_id.to_string());
        tracing::error!(
            alarm = "lag-alarm",
            lag_seconds = lag.lag_seconds,
            profile,
            "the mainframe is behind"
        );
    }
}
