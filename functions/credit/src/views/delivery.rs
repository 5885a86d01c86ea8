use crate::domain::{Delivery, DeliveryAttempt, DeliveryId, DeliveryState, EndpointId};
use jiff::Timestamp;
use public_api::versions::Versioned;
use serde::Serialize;
use uuid::Uuid;
use values::Revision;

/// `Delivery` in contract/webhooks.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryView {
    id: DeliveryId,
    message_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    about_id: Uuid,
    endpoint_id: EndpointId,
    happened_at: Timestamp,
    state: &'static str,
    next_attempt_at: Option<Timestamp>,
    attempts_made: u32,
    attempts: Vec<DeliveryAttempt>,
    revision: Revision,
}

impl Versioned for DeliveryView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl From<&Delivery> for DeliveryView {
    fn from(it: &Delivery) -> Self {
        Self {
            id: it.id,
            message_id: it.event.message_id(),
            kind: it.event.kind.name(),
            about_id: it.event.about,
            endpoint_id: it.endpoint,
            happened_at: it.event.at,
            state: state(it.state),
            next_attempt_at: it.due_at(),
            attempts_made: it.attempts_made,
            attempts: it.attempts.iter().cloned().collect(),
            revision: it.revision,
        }
    }
}

fn state(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Pending { .. } => "pending",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Failed => "failed",
        DeliveryState::Disabled => "disabled",
        DeliveryState::Erased => "erased",
    }
}

/// The word of a state, as clients and documents have it.
pub(crate) fn state_named(name: &str) -> Result<&'static str, &'static str> {
    let states = ["pending", "delivered", "failed", "disabled", "erased"];
    let found = states.into_iter().find(|state| *state == name);
    found.ok_or("must be pending, delivered, failed, disabled or erased")
}
