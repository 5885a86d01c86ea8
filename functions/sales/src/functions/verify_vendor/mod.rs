//! Timer, every minute: looks at the vendor where somebody was not sure, and did not come back to look themselves.

use crate::app::App;
use crate::domain::VendorCall;
use crate::{licensing, releasing};
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// When a run stops, well before its time is up (`functionTimeout`); the next one begins with what is longest overdue.
const RUN_FOR: Duration = Duration::from_secs(45);
/// What is looked at in a run.
const PAGE: NonZeroU32 = NonZeroU32::new(200).expect("not zero");

pub(crate) const FUNCTION: Function = function!();

/// Each part gets its turn, also if another one fails; the first failure is told.
pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let ends = Instant::now() + RUN_FOR;
    let parts = [calls(app, ends).await, licences(app, ends).await];
    parts.into_iter().find(Result::is_err).unwrap_or(Ok(()))?;
    Ok(Done::nothing())
}

async fn calls(app: &App, ends: Instant) -> Result<(), Failure> {
    let found = app.vendor_calls.overdue(app.clock.now(), PAGE).await.map_err(Failure::again)?;
    for call in found.iter().take_while(|_| Instant::now() < ends) {
        // One that does not get on must not keep the others.
        if let Err(error) = verify(app, call).await {
            let order = call.reference.order;
            tracing::warn!(%error, %order, "what the vendor has too much is looked for later");
        }
    }
    Ok(())
}

async fn verify(app: &App, call: &VendorCall) -> Result<(), releasing::NotReleased> {
    releasing::cancel_surplus(app, call).await?;
    let Some(due) = call.look_at else { return Ok(()) };
    let looked = |now: Option<VendorCall>| {
        Ok::<_, Infallible>(now.unwrap_or_else(|| call.clone()).looked(due))
    };
    app.vendor_calls.change(call.reference.order, call.reference.line, looked).await?;
    Ok(())
}

async fn licences(app: &App, ends: Instant) -> Result<(), Failure> {
    let found = app.licences.overdue(app.clock.now(), PAGE).await.map_err(Failure::again)?;
    for licence in found.iter().take_while(|_| Instant::now() < ends) {
        match licensing::refresh(app, licence).await {
            Ok(Some(learnt)) => {
                if let Err(error) = licensing::settle(app, &learnt).await {
                    tracing::warn!(%error, licence = %licence.id, "a subscription waits");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, licence = %licence.id, "a licence waits"),
        }
    }
    Ok(())
}
