//! Timer: erasures that could not be finished at once, because money was owed or somebody was still at work.

use crate::app::App;
use crate::erasing;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use jiff::SignedDuration;
use std::num::NonZeroU32;

/// Customers that are read at a time.
const PAGE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
/// Most customers that are looked at in one run; the next run begins anew.
const MOST: usize = 5_000;

/// How long an erasure may fail to get on before people are called.
const MAX_LATE: SignedDuration = SignedDuration::from_hours(1);

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    _tick: TimerTick,
    _invocation: Invocation,
) -> Result<Done, Failure> {
    let (mut after, mut seen, mut waiting) = (None, 0, Vec::new());
    while seen < MOST {
        let page = app.customers.erasing(after, PAGE).await.map_err(Failure::again)?;
        for customer in &page {
            // One that does not get on must not keep the others.
            if let Err(error) = erasing::go_on(app, customer).await {
                tracing::warn!(%error, customer = %customer.id, "an erasure waits");
                waiting.extend(customer.erasure.map(|erasure| erasure.at));
            }
        }
        seen += page.len();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
    }
    let late = waiting.into_iter().min().map(|oldest| app.clock.now().duration_since(oldest));
    if let Some(late) = late.filter(|late| *late > MAX_LATE) {
        let oldest_s = late.as_secs();
        tracing::error!(alarm = "due-work-late", what = "erasures", oldest_s, "not finished");
    }
    Ok(Done::nothing())
}
