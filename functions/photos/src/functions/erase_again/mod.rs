//! Queue `photo-erasures-poison`: erasures that failed five times

use crate::app::App;
use crate::erasing;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// Erases, however often it takes: the host would hand out a message of this queue five times and then, silently, no more.
/// A person who wants to be forgotten is not forgotten about.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    tracing::error!("an erasure failed five times and is tried again");
    let erased = erasing::erase_profile(app, &message, &mut invocation).await;
    app.dead_letters.put_off().unless_done(&FUNCTION, &message, erased).await
}
