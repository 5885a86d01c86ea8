//! Queue `conversions-replays`: facts of the event hubs that come once more.

use crate::app::App;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use messages::replay;

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    replay(app, message, invocation).await
}
