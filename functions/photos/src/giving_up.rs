//! What functions give up is lost to nobody: a photo goes to a person, any other message is kept as a blob.

use crate::app::App;
use crate::pipeline::{self, Stopped};
use crate::store::Whereabouts;
use crate::uploaded;
use custom_handler::{GivenUp, Payload};
use iommi_app::StorageFailure;
use serde_json::json;

#[derive(Debug, thiserror::Error)]
pub(crate) enum NotKept {
    #[error(transparent)]
    Photo(#[from] Stopped),
    #[error(transparent)]
    Message(#[from] StorageFailure),
}

pub(crate) async fn keep(app: &App, given_up: GivenUp) -> Result<(), NotKept> {
    tracing::error!(
        function = given_up.function,
        reason = given_up.reason,
        "a message was given up; it is kept in event-dead-letters"
    );
    if let Some(place) = place_of(&given_up) {
        pipeline::give_up(app, place).await?;
    }
    let name = format!("given-up/{}/{}.json", given_up.function, given_up.invocation_id);
    let kept = json!({
        "function": given_up.function,
        "reason": given_up.reason,
        "traceId": given_up.trace_id,
        "message": given_up.payload.to_string(),
    });
    let content = kept.to_string().into();
    Ok(app.dead_letters.put(&name, content, "application/json").await?)
}

/// The photo that the message was about.
fn place_of(given_up: &GivenUp) -> Option<Whereabouts> {
    match given_up.function {
        "uploaded" => match &given_up.payload {
            Payload::Json(event) => uploaded::place_of(event.get("subject")?.as_str()?),
            _ => None,
        },
        "check" => given_up.payload.json().ok(),
        _ => None,
    }
}
