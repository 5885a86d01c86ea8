use super::SCHEMA_VERSION;
use crate::domain::{
    Delivery, DeliveryAttempt, DeliveryId, DeliveryState, EndpointId, Event, EventKind, PartnerId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use uuid::Uuid;
use values::{Revision, TraceOrigin, moment};

/// How long it lies once it is over: as long as it may be sent again.
const OVER_TTL_S: u32 = 90 * 24 * 60 * 60;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct DeliveryDocument {
    id: DeliveryId,
    schema_version: u32,
    about: Uuid,
    kind: EventKind,
    partner: PartnerId,
    /// When it happened.
    #[serde(with = "moment")]
    at: Timestamp,
    endpoint: EndpointId,
    /// Where it stands in its partner's list: time, then id.
    place: String,
    #[serde(flatten)]
    state: DeliveryState,
    turn: u32,
    put_off: u32,
    attempts_in_round: u32,
    attempts_made: u32,
    attempts: VecDeque<DeliveryAttempt>,
    resent_by: Option<Uuid>,
    revision: Revision,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    origin: Option<TraceOrigin>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    ttl: Option<u32>,
}

/// Where a delivery stands in its partner's list.
pub(in crate::store) fn place(delivery: &Delivery) -> String {
    format!("{}/{}", moment::text(delivery.event.at), delivery.id)
}

impl From<&Delivery> for DeliveryDocument {
    fn from(it: &Delivery) -> Self {
        Self {
            id: it.id,
            schema_version: SCHEMA_VERSION,
            about: it.event.about,
            kind: it.event.kind,
            partner: it.event.partner.clone(),
            at: it.event.at,
            endpoint: it.endpoint,
            place: place(it),
            state: it.state,
            turn: it.turn,
            put_off: it.put_off,
            attempts_in_round: it.attempts_in_round,
            attempts_made: it.attempts_made,
            attempts: it.attempts.clone(),
            resent_by: it.resent_by,
            revision: it.revision,
            origin: it.origin.clone(),
            ttl: it.due_at().is_none().then_some(OVER_TTL_S),
        }
    }
}

impl From<DeliveryDocument> for Delivery {
    fn from(document: DeliveryDocument) -> Self {
        let DeliveryDocument { about, kind, partner, at, .. } = document;
        Self {
            id: document.id,
            event: Event { kind, about, partner, at },
            endpoint: document.endpoint,
            state: document.state,
            turn: document.turn,
            put_off: document.put_off,
            attempts_in_round: document.attempts_in_round,
            attempts_made: document.attempts_made,
            attempts: document.attempts,
            resent_by: document.resent_by,
            revision: document.revision,
            origin: document.origin,
        }
    }
}
