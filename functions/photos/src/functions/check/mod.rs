//! Queue `photo-checks`: photos to be checked again

use crate::app::App;
use crate::domain::PhotoKey;
use crate::pipeline;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// As [`handle`], for a message from the poison queue; what is given up goes to a person here as it does there.
pub(crate) async fn again(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let key: Result<PhotoKey, Failure> = message.json();
    match (handle(app, message, invocation).await, key) {
        (Err(Failure::GiveUp(reason)), Ok(photo)) => {
            tracing::error!(reason, %photo.id, "a photo goes to a person");
            pipeline::give_up(app, photo).await.map_err(Failure::again)?;
            Ok(Done::nothing())
        }
        (handled, _) => handled,
    }
}

/// Runs the pipeline. What only has to wait goes to the end of the queue: it takes no place here, and however long it
/// waits, it is no failure.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let key: PhotoKey = message.json()?;
    let ended = match Box::pin(pipeline::run(app, key, &invocation)).await {
        Ok(ended) => ended,
        Err(error) => match error.waits() {
            Some(pause) => {
                app.checks.send(key, pause).await.map_err(Failure::again)?;
                return Ok(Done::nothing().log(format!("photo {} waits: {error}", key.id)));
            }
            None => return Err(error.into()),
        },
    };
    Ok(Done::nothing().log(format!("photo {}: {ended:?}", key.id)))
}
