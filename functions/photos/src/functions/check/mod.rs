//! Queue `photo-checks`: photos to be checked again

use crate::app::App;
use crate::domain::PhotoKey;
use crate::pipeline;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// Runs the pipeline. What only has to wait goes to the end of the queue: it takes no place here, and however long it
/// waits, it is no failure.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let key: PhotoKey = message.json()?;
    let ended = match Box::pin(pipeline::run(app, key, &mut invocation)).await {
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
