//! Queue `legacy-inbox-poison`: answers that we failed on.

use crate::app::App;
use crate::domain::Reason;
use crate::poison;
use custom_handler::{Done, Failure, Invocation, QueueMessage};

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    poison::keep(app, Reason::InboxPoison, &message, &invocation).await
}
