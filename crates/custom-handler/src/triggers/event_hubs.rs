use bytes::Bytes;
use function_json::{Cardinality, DataType, Trigger};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Message, not};
use crate::envelope::{EnvelopeError, Metadata, Payload, bytes, number, time};
use crate::outcome::Failure;

/// An event of an event hub (`eventHubTrigger`).
#[derive(Debug, Clone, PartialEq)]
pub struct HubEvent {
    /// Text; bytes with `dataType: binary`; JSON in a batch without `dataType`.
    pub body: Payload,
    /// The key that chose the partition.
    pub partition_key: Option<String>,
    /// Its place in the partition, as text: the host sends a number or text, by version.
    pub offset: Option<String>,
    /// Its number in the partition.
    pub sequence_number: Option<i64>,
    /// When the hub took it.
    pub enqueued_time: Option<Timestamp>,
    /// The sender's properties.
    pub properties: Map<String, Value>,
    /// The broker's properties.
    pub system_properties: Map<String, Value>,
}

impl HubEvent {
    /// The body read as JSON; a failure to give up when it does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        self.body.json()
    }
}

/// Events of one partition, in order (`eventHubTrigger` with `cardinality: many`).
///
/// After a failed invocation the host's checkpoint moves on and the batch is lost, unless a retry
/// policy holds it. Without `dataType: string` or `binary` one body that is not JSON fails the
/// whole batch before the handler is called.
#[derive(Debug, Clone, PartialEq)]
pub struct HubEvents {
    /// The events.
    pub events: Vec<HubEvent>,
    /// The partition, when the host says it.
    pub partition_id: Option<String>,
}

fn hub(trigger: &Trigger) -> Option<(Cardinality, Option<DataType>)> {
    match trigger {
        Trigger::EventHub(hub) => Some((hub.cardinality, hub.data_type)),
        _ => None,
    }
}

fn offset(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

impl Message for HubEvent {
    const EXPECTED: &'static str = "an eventHubTrigger with cardinality one";

    fn is_for(trigger: &Trigger) -> bool {
        hub(trigger).is_some_and(|(cardinality, _)| cardinality == Cardinality::One)
    }

    fn read(body: Payload, metadata: &Metadata, _: &Trigger) -> Result<Self, EnvelopeError> {
        Ok(Self {
            body,
            partition_key: metadata.text("PartitionKey"),
            offset: metadata.json("Offset").as_ref().and_then(offset),
            sequence_number: metadata.number("SequenceNumber"),
            enqueued_time: metadata.time("EnqueuedTimeUtc"),
            properties: object(metadata.json("Properties")),
            system_properties: object(metadata.json("SystemProperties")),
        })
    }
}

impl Message for HubEvents {
    const EXPECTED: &'static str = "an eventHubTrigger with cardinality many";

    fn is_for(trigger: &Trigger) -> bool {
        hub(trigger).is_some_and(|(cardinality, _)| cardinality == Cardinality::Many)
    }

    fn read(
        payload: Payload,
        metadata: &Metadata,
        trigger: &Trigger,
    ) -> Result<Self, EnvelopeError> {
        let Payload::Json(Value::Array(bodies)) = payload else {
            return Err(not("an array of events", &payload));
        };
        let data_type = hub(trigger).and_then(|(_, data_type)| data_type);
        let columns = Columns::read(metadata, bodies.len())?;
        let events = bodies
            .into_iter()
            .enumerate()
            .map(|(row, body)| Ok(columns.event(row, element(body, data_type)?)));
        let partition = metadata.json("PartitionContext");
        Ok(Self {
            events: events.collect::<Result<_, EnvelopeError>>()?,
            partition_id: partition
                .and_then(|context| context.get("PartitionId")?.as_str().map(str::to_owned)),
        })
    }
}

fn element(body: Value, data_type: Option<DataType>) -> Result<Payload, EnvelopeError> {
    match (data_type, body) {
        (None, body) => Ok(Payload::Json(body)),
        (Some(DataType::String), Value::String(text)) => Ok(Payload::Text(text)),
        (Some(DataType::Binary | DataType::Stream), encoded) => {
            let decoded: Result<Bytes, String> = bytes(&encoded);
            decoded
                .map(Payload::Bytes)
                .map_err(|problem| EnvelopeError(format!("an event's body: {problem}")))
        }
        (Some(DataType::String), other) => Err(not("text", &Payload::Json(other))),
    }
}

/// The arrays beside a batch, one entry for each event.
struct Columns {
    partition_keys: Vec<Value>,
    offsets: Vec<Value>,
    sequence_numbers: Vec<Value>,
    enqueued_times: Vec<Value>,
    properties: Vec<Value>,
    system_properties: Vec<Value>,
}

impl Columns {
    fn read(metadata: &Metadata, events: usize) -> Result<Self, EnvelopeError> {
        let column = |name: &str| match metadata.json(name) {
            None => Ok(vec![Value::Null; events]),
            Some(Value::Array(values)) if values.len() == events => Ok(values),
            Some(_) => Err(EnvelopeError(format!(
                "`{name}` is not an array of {events} values, one for each event"
            ))),
        };
        Ok(Self {
            partition_keys: column("PartitionKeyArray")?,
            offsets: column("OffsetArray")?,
            sequence_numbers: column("SequenceNumberArray")?,
            enqueued_times: column("EnqueuedTimeUtcArray")?,
            properties: column("PropertiesArray")?,
            system_properties: column("SystemPropertiesArray")?,
        })
    }

    fn event(&self, row: usize, body: Payload) -> HubEvent {
        HubEvent {
            body,
            partition_key: self.partition_keys[row].as_str().map(str::to_owned),
            offset: offset(&self.offsets[row]),
            sequence_number: number(&self.sequence_numbers[row]),
            enqueued_time: self.enqueued_times[row].as_str().and_then(time),
            properties: object(Some(self.properties[row].clone())),
            system_properties: object(Some(self.system_properties[row].clone())),
        }
    }
}
