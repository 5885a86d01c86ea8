//! Timer, every minute: what shops have asked for and not captured in time is free again.
//!
//! A hold that was released is not found again, so a run that ends early is gone on with by the next one. A capture that
//! comes at the same moment is posted either way: each writes the account and the hold on condition of what it has read.

use crate::app::App;
use crate::store::DueHold;
use azure_data::ChangeError;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use futures::{StreamExt, stream};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

pub(crate) const FUNCTION: Function = function!();

/// Holds that are looked for at a time.
const PAGE: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
/// Most of them in one run.
const MAX_PAGES: usize = 50;
/// How many are released at the same time.
const MAX_AT_ONCE: usize = 16;
/// When a run stops; the next one goes on.
const RUN_FOR: Duration = Duration::from_secs(45);
/// How late a hold may be released before somebody should know.
const MAX_LATE: SignedDuration = SignedDuration::from_mins(15);

pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let (ends, now) = (Instant::now() + RUN_FOR, app.clock.now());
    let (mut released, mut stubborn) = (0, BTreeSet::new());
    for _ in 0..MAX_PAGES {
        // Those that cannot be released are found again, and must not stand in the way of others.
        let most = PAGE.saturating_add(u32::try_from(stubborn.len()).unwrap_or(u32::MAX));
        let mut due = app.accounts.due_holds(now, most).await.map_err(Failure::again)?;
        due.retain(|hold| !stubborn.contains(hold));
        if due.is_empty() || Instant::now() >= ends {
            break;
        }
        let failed = release(app, due, &mut released).await;
        stubborn.extend(failed);
    }
    report(app, &stubborn);
    Ok(Done::nothing().log(format!("{released} holds released, {} stay", stubborn.len())))
}

/// Those that could not be released.
async fn release(app: &App, due: Vec<DueHold>, released: &mut usize) -> Vec<DueHold> {
    let mut releasing =
        stream::iter(due).map(|hold| release_one(app, hold)).buffer_unordered(MAX_AT_ONCE);
    let mut failed = Vec::new();
    while let Some((hold, outcome)) = releasing.next().await {
        match outcome {
            Ok(true) => *released += 1,
            // By a capture, or by another run, or its card is gone.
            Ok(false) => failed.push(hold),
            Err(error) => {
                tracing::warn!(hold = %hold.authorisation, %error, "a hold is not released");
                failed.push(hold);
            }
        }
    }
    failed
}

type Released = Result<bool, ChangeError<Infallible>>;

async fn release_one(app: &App, hold: DueHold) -> (DueHold, Released) {
    let released = app.ledger.release(hold.payer(), &hold.authorisation, &app.clock).await;
    (hold, released)
}

fn report(app: &App, stubborn: &BTreeSet<DueHold>) {
    let oldest = stubborn.iter().map(|hold| hold.expires_at).min();
    let late = oldest.map(|at| app.clock.now().duration_since(at));
    if let Some(late) = late.filter(|late| *late > MAX_LATE) {
        tracing::error!(
            alarm = "due-work-late",
            what = "holds",
            oldest_s = late.as_secs(),
            "holds that are over are not released"
        );
    }
}
