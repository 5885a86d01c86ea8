//! Timer, every minute: goes on with what somebody began who did not come to the end of it.

mod assessments;
mod page;

use crate::app::App;
use crate::{consenting, delivering, erasing};
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use page::PAGE;
use std::time::{Duration, Instant};

/// When a run stops, well before its time is up (`functionTimeout`); the next one begins anew.
const RUN_FOR: Duration = Duration::from_secs(45);

pub(crate) const FUNCTION: Function = function!();

/// Each part gets its turn, also if another one fails; the first failure is told.
pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let ends = Instant::now() + RUN_FOR;
    let parts = [
        assessments::go_on(app, ends).await.map_err(Failure::again),
        consents(app, ends).await,
        erasures(app, ends).await,
        delivering::go_on(app).await.map_err(Failure::again),
    ];
    parts.into_iter().find(Result::is_err).unwrap_or(Ok(()))?;
    Ok(Done::nothing())
}

async fn consents(app: &App, ends: Instant) -> Result<(), Failure> {
    let (mut after, now) = (None, app.clock.now());
    while Instant::now() < ends {
        let page = app.consents.watched(after, now, PAGE).await.map_err(Failure::again)?;
        for consent in &page {
            // One that does not get on must not keep the others.
            if let Err(error) = consenting::settle(app, consent).await {
                tracing::warn!(%error, consent = %consent.id, "a consent waits");
            }
        }
        let Some(last) = page.last() else { break };
        after = Some(last.id);
    }
    Ok(())
}

async fn erasures(app: &App, ends: Instant) -> Result<(), Failure> {
    for erasure in app.erasures.recent(app.clock.now()).await.map_err(Failure::again)? {
        if Instant::now() >= ends {
            break;
        }
        let forgotten = erasing::forget(app, &erasure.partner, &erasure.subject, erasure.until);
        forgotten.await.map_err(Failure::again)?;
    }
    Ok(())
}
