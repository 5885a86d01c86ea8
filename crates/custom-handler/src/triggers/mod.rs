//! Messages by trigger, decoded into types.

mod blob;
mod cosmos_db;
mod event_grid;
mod event_hubs;
mod kafka;
mod queue;
mod timer;

use function_json::Trigger;

use crate::envelope::{EnvelopeError, Metadata, Payload};

pub use blob::BlobContent;
pub use cosmos_db::{ChangeFeed, Rejected};
pub use event_grid::{EventSchema, GridEvent, GridEvents};
pub use event_hubs::{HubEvent, HubEvents};
pub use kafka::{KafkaEvent, KafkaEvents};
pub use queue::QueueMessage;
pub use timer::TimerTick;

/// A trigger's value as a type. Sealed: one type for each trigger and cardinality.
pub(crate) trait Message: Sized {
    /// What function.json must say, for the error when it says something else.
    const EXPECTED: &'static str;

    /// Whether function.json says so.
    fn is_for(trigger: &Trigger) -> bool;

    /// Reads the unwrapped value and what the host says about it.
    fn read(
        payload: Payload,
        metadata: &Metadata,
        trigger: &Trigger,
    ) -> Result<Self, EnvelopeError>;
}

fn not(what: &str, payload: &Payload) -> EnvelopeError {
    let kind = match payload {
        Payload::Text(_) => "text",
        Payload::Bytes(_) => "bytes",
        Payload::Json(_) => "JSON of another shape",
    };
    EnvelopeError(format!("expected {what} and got {kind}"))
}
