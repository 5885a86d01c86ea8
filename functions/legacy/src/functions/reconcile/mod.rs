//! Each minute: what was sent against what was answered. Measures the lag and raises the alarm, sends again what was
//! never answered, and sets going what an interruption has stopped.

use crate::app::App;
use crate::lag::{self, Lag};
use crate::outbox::SendError;
use crate::store::Due;
use crate::{replay, resending};
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use jiff::Timestamp;
use std::num::NonZeroU32;

pub(crate) const FUNCTION: Function = function!();

/// Profiles that are sent again at a time, and how often in one minute.
const PAGE: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
const MAX_PAGES: usize = 10;
/// With more than this in the outbox the mainframe is behind, not deaf: what it has not answered is still waiting for
/// it, and more of the same would only make the queue longer. What is not on its way to it is sent all the same.
const MAX_OUTBOX: u64 = 1_000;
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
    ask_for_lost_steps(app, now).await.map_err(Failure::again)?;
    let due = if lag.outbox_length > MAX_OUTBOX { Due::Answered } else { Due::All };
    let again = send_due(app, due, now, &invocation).await.map_err(Failure::again)?;
    if again > 0 {
        tracing::warn!(profiles = again, "sent again, or sent at last: nobody else did in time");
    }
    Ok(Done::nothing())
}

async fn send_due(
    app: &App,
    due: Due,
    now: Timestamp,
    invocation: &Invocation,
) -> Result<u64, SendError> {
    let mut sent = 0;
    for _ in 0..MAX_PAGES {
        let page = app.syncs.due(due, now, PAGE).await?;
        let is_full = page.len() == PAGE.get() as usize;
        let profiles = page.into_iter().map(|sync| sync.id).collect();
        sent += replay::send_due(app, profiles, invocation).await?;
        if !is_full {
            break;
        }
    }
    Ok(sent)
}

/// A step may have lost its message, or only wait for its turn: so it is asked for less and less often, and by one
/// region only.
async fn ask_for_lost_steps(app: &App, now: Timestamp) -> Result<(), SendError> {
    for resend in app.resends.stuck(now, MAX_STUCK).await? {
        let asked = app.resends.change(&resend.id, |resend| resend.asked_again(now)).await?;
        if let Some(resend) = asked {
            resending::ask(app, &resend).await?;
        }
    }
    Ok(())
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
