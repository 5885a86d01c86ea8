//! Queue `photo-checks`: photos to be checked again

use crate::app::App;
use crate::pipeline;
use crate::store::Whereabouts;
use custom_handler::{Done, Failure, Invocation, QueueMessage};

/// The message that has a photo checked again: `{"id": …, "profileId": …}`.
pub(crate) fn message_for(place: Whereabouts) -> String {
    serde_json::to_string(&place).expect("two ids are JSON")
}

/// Runs the pipeline again.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let place: Whereabouts = message.json()?;
    let ended = pipeline::run(app, place, &mut invocation).await?;
    Ok(Done::nothing().log(format!("photo {}: {ended:?}", place.id)))
}
