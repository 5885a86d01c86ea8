//! Timer, every five minutes: leads without a sale have failed when their time is over.

use crate::app::App;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

pub(crate) const FUNCTION: Function = function!();

/// When a run stops, well before its time is up (`functionTimeout`); the next one begins with what is longest overdue.
const RUN_FOR: Duration = Duration::from_secs(120);
/// Leads that are looked at together.
const PAGE: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
/// Most pages of a run.
const MAX_PAGES: usize = 100;

pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let (ends, now) = (Instant::now() + RUN_FOR, app.clock.now());
    let mut seen = 0;
    for _ in 0..MAX_PAGES {
        let due = app.leads.due(now, PAGE).await.map_err(Failure::again)?;
        for lead in &due {
            let passed = app.leads.change(lead.id, |there| there.map(|lead| lead.passed(now)));
            passed.await.map_err(Failure::again)?;
        }
        seen += due.len();
        if due.len() < PAGE.get() as usize || Instant::now() >= ends {
            break;
        }
    }
    Ok(Done::nothing().log(format!("{seen} leads")))
}
