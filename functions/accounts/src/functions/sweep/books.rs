//! Whether the books balance.

use crate::app::App;
use crate::domain::{CurrencyBalance, Standing};
use crate::trial_balance;
use azure_data::CosmosFailure;
use jiff::{SignedDuration, Timestamp};

/// How long an entry may wait for the change feed.
const MAX_BEHIND: SignedDuration = SignedDuration::from_mins(10);

pub(super) async fn look_at(app: &App) -> Result<(), CosmosFailure> {
    let found = trial_balance::take(app).await?;
    let now = app.clock.now();
    found.currencies.iter().for_each(|one| tell(one, now));
    Ok(())
}

fn tell(one: &CurrencyBalance, now: Timestamp) {
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
