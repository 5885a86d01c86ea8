use function_json::{Cardinality, Trigger};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Message, not};
use crate::decoding;
use crate::envelope::{EnvelopeError, Metadata, Payload};
use crate::outcome::Failure;

/// The form of an event, by what the form itself says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventSchema {
    /// CloudEvents 1.0, which has `specversion`.
    CloudEvents,
    /// Event Grid's own.
    EventGrid,
}

/// An event pushed by Event Grid (`eventGridTrigger`), with the members that both forms have.
#[derive(Debug, Clone, PartialEq)]
pub struct GridEvent {
    /// The form it came in.
    pub schema: EventSchema,
    /// `id`: unique together with the source; the same at every redelivery.
    pub id: String,
    /// `source` of a CloudEvent, `topic` of an Event Grid event.
    pub source: String,
    /// `type`, `eventType`.
    pub event_type: String,
    /// `subject`.
    pub subject: Option<String>,
    /// `time`, `eventTime`.
    pub time: Option<Timestamp>,
    /// `data`; null when there is none.
    pub data: Value,
    /// The whole event, extension attributes included.
    pub event: Value,
}

impl GridEvent {
    /// `data` as a type; a failure to give up when it does not fit.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        decoding::from_value(&self.data).map_err(|error| {
            Failure::give_up(format!(
                "`data` of {} is not what this function reads: {error}",
                self.event_type
            ))
        })
    }

    /// The CloudEvents attribute `traceparent`, for [`Invocation::continue_trace`](crate::Invocation::continue_trace).
    pub fn traceparent(&self) -> Option<&str> {
        self.event.get("traceparent").and_then(Value::as_str)
    }

    fn read(event: Value) -> Result<Self, EnvelopeError> {
        let text = |name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
        let is_cloud_event = event.get("specversion").is_some();
        let (schema, source, event_type, time) = if is_cloud_event {
            (EventSchema::CloudEvents, text("source"), text("type"), text("time"))
        } else {
            (EventSchema::EventGrid, text("topic"), text("eventType"), text("eventTime"))
        };
        let missing = |name: &str| EnvelopeError(format!("the event has no text `{name}`"));
        Ok(Self {
            schema,
            id: text("id").ok_or_else(|| missing("id"))?,
            source: source.unwrap_or_default(),
            event_type: event_type.ok_or_else(|| missing("type"))?,
            subject: text("subject"),
            time: time.and_then(|time| time.parse().ok()),
            data: event.get("data").cloned().unwrap_or(Value::Null),
            event,
        })
    }
}

fn cardinality(trigger: &Trigger) -> Option<Cardinality> {
    match trigger {
        Trigger::EventGrid(grid) => Some(grid.cardinality),
        _ => None,
    }
}

impl Message for GridEvent {
    const EXPECTED: &'static str = "an eventGridTrigger with cardinality one";

    fn is_for(trigger: &Trigger) -> bool {
        cardinality(trigger) == Some(Cardinality::One)
    }

    fn read(payload: Payload, _: &Metadata, _: &Trigger) -> Result<Self, EnvelopeError> {
        match payload {
            Payload::Json(event @ Value::Object(_)) => Self::read(event),
            other => Err(not("an event", &other)),
        }
    }
}

/// Events pushed by Event Grid together (`eventGridTrigger` with `cardinality: many`).
#[derive(Debug, Clone, PartialEq)]
pub struct GridEvents {
    /// The events, in the order of the delivery.
    pub events: Vec<GridEvent>,
}

impl Message for GridEvents {
    const EXPECTED: &'static str = "an eventGridTrigger with cardinality many";

    fn is_for(trigger: &Trigger) -> bool {
        cardinality(trigger) == Some(Cardinality::Many)
    }

    fn read(payload: Payload, _: &Metadata, _: &Trigger) -> Result<Self, EnvelopeError> {
        match payload {
            Payload::Json(Value::Array(events)) => Ok(Self {
                events: events.into_iter().map(GridEvent::read).collect::<Result<_, _>>()?,
            }),
            other => Err(not("an array of events", &other)),
        }
    }
}
