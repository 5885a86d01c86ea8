//! Queue `events-erasures`: a profile was erased, or an operator asks for it: all about the subject goes from the lake.

use crate::app::App;
use crate::erasing;
use crate::fingerprint;
use crate::sent::{ERASURE_DUE, ErasureDue, ProfileErased, SOURCE};
use custom_handler::{Done, Failure, Function, Invocation, Payload, QueueMessage, function};
use messages::Received;
use serde_json::Value;

pub(crate) const FUNCTION: Function = function!();

/// First it is noted that somebody is erased, so that nothing about them comes in any more; then what is there goes. An operator's
/// request has noted it.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let event = app.due_erasures.read::<Value>(&message, &mut invocation)?;
    let id = match event.r#type {
        ERASURE_DUE => due(event)?,
        _ => {
            let id = fingerprint::of_person(&erased(event)?);
            app.erasures.begin(&id, SOURCE, app.clock.now()).await.map_err(Failure::again)?;
            id
        }
    };
    let taken = erasing::erase(app, &id).await.map_err(Failure::again)?;
    Ok(Done::nothing().log(format!("{taken} events are taken out of the lake")))
}

fn due(event: Received<Value>) -> Result<String, Failure> {
    Ok(Payload::Json(event.data).json::<ErasureDue>()?.erasure_id)
}

fn erased(event: Received<Value>) -> Result<String, Failure> {
    Ok(Payload::Json(event.data).json::<ProfileErased>()?.profile_id)
}
