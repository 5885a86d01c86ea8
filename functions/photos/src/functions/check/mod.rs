//! Queue `photo-checks`: photos to be checked again

use crate::app::App;
use crate::domain::PhotoKey;
use crate::pipeline;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// Runs the pipeline again.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let key: PhotoKey = message.json()?;
    let ended = pipeline::run(app, key, &mut invocation).await?;
    Ok(Done::nothing().log(format!("photo {}: {ended:?}", key.id)))
}
