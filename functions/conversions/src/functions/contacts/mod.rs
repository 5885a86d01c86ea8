//! Event hub `contact`: which quotes were abandoned.

use crate::app::App;
use custom_handler::{Done, Failure, Function, HubEvents, Invocation, function};
use messages::consume;

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    events: HubEvents,
    invocation: Invocation,
) -> Result<Done, Failure> {
    consume(app, events, invocation).await
}
