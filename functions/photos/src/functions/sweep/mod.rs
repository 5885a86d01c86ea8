//! Timer: every minute

mod step;

use crate::app::App;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use futures::{StreamExt, stream};
use std::num::NonZeroU32;

pub(crate) const FUNCTION: Function = function!();

/// Photos that one sweep looks at; the others wait for the next.
const BATCH: NonZeroU32 = NonZeroU32::new(200).expect("200 is not zero");
/// Photos that are looked at at once.
const AT_ONCE: usize = 4;

/// Finds what is stuck, forgotten or half done, and does what is due.
pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let due = app.photos.due(app.clock.now(), BATCH).await.map_err(Failure::again)?;
    let found = due.len();
    let failed = stream::iter(due)
        .map(|key| async move {
            let step = step::step(app, key).await;
            step.inspect_err(|error| tracing::warn!(%error, photo = %key.id, "a photo stays due"))
        })
        .buffer_unordered(AT_ONCE)
        .filter(|step| std::future::ready(step.is_err()))
        .count()
        .await;
    // Last, so that trouble with cases keeps no photo waiting.
    let cases = crate::moderation::tidy(app).await.map_err(Failure::again)?;
    let line = format!("{found} photos were due, {failed} of them still are; {cases} cases");
    Ok(Done::nothing().log(line))
}
