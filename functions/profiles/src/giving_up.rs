//! What functions give up is kept with the reason in the container `given-up`, where people find it.

use crate::app::App;
use crate::store::GivenUpMessage;
use custom_handler::GivenUp;
use iommi_app::CosmosFailure;

pub(crate) async fn keep(app: &App, given_up: GivenUp) -> Result<(), CosmosFailure> {
    let GivenUp { function, reason, payload, trace_id, .. } = &given_up;
    tracing::error!(function, reason, "a message was given up; it is kept in given-up");
    let (message, given_up_at) = (payload.to_string(), app.clock.now());
    let kept = GivenUpMessage { function, reason, message: &message, trace_id, given_up_at };
    app.given_up.keep(kept).await
}
