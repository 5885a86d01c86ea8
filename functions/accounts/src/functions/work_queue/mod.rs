//! Queue `accounts-work`: a message is `["partition key", "id"]` of a record; without one it is a dead letter.
use crate::app::App;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// May be called more than once with the same message.
pub(crate) async fn handle(app: &App, text: QueueMessage, _: Invocation) -> Result<Done, Failure> {
    let (key, id): (String, String) = text.json()?;
    let record = app.records.read(&key, &id).await.map_err(Failure::again)?;
    record.map(|_| Done::nothing()).ok_or_else(|| Failure::give_up("there is no such record"))
}
