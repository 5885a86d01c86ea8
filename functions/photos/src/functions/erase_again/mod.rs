//! Queue `photo-erasures-poison`: erasures that failed five times

use crate::app::App;
use crate::erasing;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// Erases, however often it takes: this queue has no poison queue of its own, so its messages come again until it
/// succeeds. A person who wants to be forgotten is not forgotten about.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    tracing::error!("an erasure failed five times and is tried again");
    erasing::erase_profile(app, &message, &mut invocation).await
}
