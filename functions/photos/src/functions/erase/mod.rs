//! Queue `photo-erasures`: a profile was erased

use crate::app::App;
use crate::erasing;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// Removes every picture of the profile.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    erasing::erase_profile(app, &message, &mut invocation).await
}
