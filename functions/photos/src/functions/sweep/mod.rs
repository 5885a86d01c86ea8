//! Timer: every minute

mod erasures;
mod round;
mod step;

use crate::app::App;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use std::time::Duration;
use tokio::time::Instant;

pub(crate) const FUNCTION: Function = function!();

/// How long one sweep goes on; the host lets it run for five minutes (host.json: functionTimeout).
const MAX_RUN: Duration = Duration::from_secs(240);

/// Finds what is stuck, forgotten or half done, and does what is due.
pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let until = Instant::now() + MAX_RUN;
    let erasures = erasures::go_on(app).await;
    let photos = round::sweep(app, until).await;
    // Last, so that trouble with cases keeps no photo waiting.
    let cases = crate::moderation::tidy(app).await;
    let round::Swept { looked_at, failed } = photos.map_err(Failure::again)?;
    let cases = cases.map_err(Failure::again)?;
    let line = format!(
        "{looked_at} photos were due, {failed} of them still are; {cases} cases, {erasures} erasures"
    );
    Ok(Done::nothing().log(line))
}
