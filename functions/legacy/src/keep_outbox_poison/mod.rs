//! Queue `legacy-outbox-poison`: what the mainframe could not read.

use crate::app::App;
use crate::domain::Reason;
use crate::poison;
use custom_handler::{Done, Failure, Invocation, QueueMessage};

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    poison::keep(app, Reason::OutboxPoison, &message, &invocation).await
}
