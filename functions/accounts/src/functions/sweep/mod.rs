//! Timer, every five minutes: says aloud what does not fit. It mends nothing, since whatever does not fit has a cause
//! that a person should see first.

use crate::app::App;
use crate::domain::{Standing, TrialBalance};
use crate::trial_balance;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use jiff::{SignedDuration, Timestamp};

pub(crate) const FUNCTION: Function = function!();

/// How long an entry may wait for the change feed.
const MAX_BEHIND: SignedDuration = SignedDuration::from_mins(10);

pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let found = trial_balance::take(app).await.map_err(Failure::again)?;
    tell(&found, app.clock.now());
    let stands = if found.is(Standing::Unbalanced) { "do not balance" } else { "balance" };
    Ok(Done::nothing().log(format!("the books {stands}")))
}

fn tell(found: &TrialBalance, now: Timestamp) {
    for one in &found.currencies {
        if one.standing == Standing::Unbalanced {
            tracing::error!(
                alarm = "trial-balance", currency = %one.currency,
                sum = %one.sum.in_currency(one.currency),
                difference = %one.difference.in_currency(one.currency),
                "the books do not balance"
            );
        }
        let waits = one.pending_since.map(|since| now.duration_since(since));
        if let Some(waits) = waits.filter(|waits| *waits > MAX_BEHIND) {
            tracing::error!(
                alarm = "ledger-behind", currency = %one.currency, entries = one.pending,
                oldest_s = waits.as_secs(), "entries wait for the ledger"
            );
        }
    }
}
