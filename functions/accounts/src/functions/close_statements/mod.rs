//! Timer: statements whose periods have ended.

use crate::app::App;
use crate::store::DueStatement;
use azure_data::ChangeError;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use jiff::{SignedDuration, Timestamp};
use std::convert::Infallible;
use std::num::NonZeroU32;

/// Accounts that are closed in one run. What was closed is not found again, so the next run goes on where this one
/// ended, however it ended.
const MOST: NonZeroU32 = NonZeroU32::new(500).expect("not zero");
/// Periods of one account that are closed in one run, one after another.
const MOST_PERIODS: usize = 36;

/// How long after its end a period may wait before people are called.
const MAX_LATE: SignedDuration = SignedDuration::from_hours(1);

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    _tick: TimerTick,
    _invocation: Invocation,
) -> Result<Done, Failure> {
    let now = app.clock.now();
    let due = app.statements.due(now, MOST).await.map_err(Failure::again)?;
    let (mut closed, mut waiting) = (0, Vec::new());
    for one in due {
        match close_all(app, one, now).await {
            Ok(count) => closed += count,
            // One that does not get on must not keep the others.
            Err(error) => {
                tracing::warn!(%error, account = %one.account_id, "a statement waits");
                waiting.extend(one.closes_at);
            }
        }
    }
    if closed > 0 {
        tracing::info!(closed, "statements were closed");
    }
    let late = waiting.into_iter().min().map(|oldest| now.duration_since(oldest));
    if let Some(late) = late.filter(|late| *late > MAX_LATE) {
        let oldest_s = late.as_secs();
        tracing::error!(alarm = "due-work-late", what = "statements", oldest_s, "not closed");
    }
    Ok(Done::nothing())
}

/// How many periods of the account were closed.
async fn close_all(
    app: &App,
    due: DueStatement,
    now: Timestamp,
) -> Result<usize, ChangeError<Infallible>> {
    let mut closed = 0;
    while closed < MOST_PERIODS && app.ledger.close(due.account_id, now).await?.is_some() {
        closed += 1;
    }
    Ok(closed)
}
