//! Timer: every five minutes

use crate::app::App;
use crate::{lag, sweeping};
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};

pub(crate) const FUNCTION: Function = function!();

/// Says how far consumers are behind, finds capture files of which nobody told, looks through the lake once more for those who were
/// erased, and has replays that stand still go on. None of it waits for another to succeed.
pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let late = lag::measure(app).await;
    let erasures = sweeping::erasures(app).await;
    let replays = sweeping::replays(app).await;
    // Last, so that trouble with capture files keeps nobody in the lake.
    let captures = sweeping::captures(app).await.map_err(Failure::again)?;
    let (erasures, replays) = (erasures.map_err(Failure::again)?, replays.map_err(Failure::again)?);
    let late = late.map_err(Failure::again)?;
    let line = format!(
        "{captures} capture files, {erasures} erasures, {replays} replays were due; {late} consumers are late"
    );
    Ok(Done::nothing().log(line))
}
