//! From OTLP's messages to what is kept.

mod buckets;
mod logs;
mod metrics;
mod traces;
mod values;

use std::sync::Arc;

use opentelemetry_proto::tonic::{common::v1::InstrumentationScope, resource::v1::Resource};
use prost::Message;
use serde::de::DeserializeOwned;

use super::{Signal, answers::Refusal, body::Encoding, json};
use crate::telemetry::model::{LogRecord, Origin, Point, Span};

/// What a request brings.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    pub(super) spans: Vec<Span>,
    pub(super) logs: Vec<LogRecord>,
    pub(super) points: Vec<Point>,
    /// A reason for each that is not taken.
    pub(super) rejected: Vec<String>,
}

pub(super) fn decode(signal: Signal, encoding: Encoding, body: &[u8]) -> Result<Decoded, Refusal> {
    let mut decoded = Decoded::default();
    match signal {
        Signal::Traces => traces::decode(message(encoding, body)?, &mut decoded),
        Signal::Logs => logs::decode(message(encoding, body)?, &mut decoded),
        Signal::Metrics => metrics::decode(message(encoding, body)?, &mut decoded),
    }
    Ok(decoded)
}

fn message<T: Message + Default + DeserializeOwned>(
    encoding: Encoding,
    body: &[u8],
) -> Result<T, Refusal> {
    match encoding {
        Encoding::Protobuf => T::decode(body)
            .map_err(|error| Refusal::Malformed(format!("no OTLP protobuf: {error}"))),
        Encoding::Json => {
            json::read(body).map_err(|error| Refusal::Malformed(format!("no OTLP JSON: {error}")))
        }
    }
}

/// Who sent what follows.
fn of_resource(resource: Option<Resource>) -> Origin {
    Origin::of(values::attributes(resource.unwrap_or_default().attributes))
}

/// Which of its libraries did.
fn of_scope(origin: &Origin, scope: Option<InstrumentationScope>) -> Arc<Origin> {
    let InstrumentationScope { name, version, attributes, .. } = scope.unwrap_or_default();
    Arc::new(Origin {
        scope: name,
        scope_version: version,
        scope_attributes: values::attributes(attributes),
        ..origin.clone()
    })
}
