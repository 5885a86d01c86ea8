//! `eventHubTrigger`. Source: `EventHubTriggerBindingStrategy.cs` of the Event Hubs extension, version 6.5.

use base64::{Engine, engine::general_purpose::STANDARD};
use function_json::DataType;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{BindingData, Envelope, HostValue, moment};

/// What stands in the place of an offset that is no number.
const NO_OFFSET: &str = "-1";

/// Where events come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionContext {
    /// `<namespace>.servicebus.windows.net`.
    pub namespace: String,
    /// The event hub.
    pub event_hub: String,
    /// The consumer group.
    pub consumer_group: String,
    /// The partition.
    pub partition_id: String,
    /// Whether a checkpoint is written after the invocation.
    pub is_checkpointing_after_invocation: bool,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The content.
    pub body: Vec<u8>,
    /// The key its sender gave.
    pub partition_key: Option<String>,
    /// Its place in the partition, as text.
    pub offset: String,
    /// Its number in the partition.
    pub sequence_number: i64,
    /// When it was received.
    pub enqueued: Timestamp,
    /// The sender's own properties.
    pub properties: Map<String, Value>,
    /// The properties section of AMQP by the names of its fields: `content-type`, `message-id` and so on.
    pub system_properties: Map<String, Value>,
}

/// A batch that the host cannot convert. It never reaches the handler, and the checkpoint moves on all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "converting event {index} of a batch of {count}: its body is not JSON, so the whole batch is lost; set \
     \"dataType\": \"string\" on the trigger"
)]
pub struct NotJson {
    /// Place of the first such event, from 0.
    pub index: usize,
    /// Events in the batch.
    pub count: usize,
}

impl PartitionContext {
    fn to_json(&self) -> HostValue {
        HostValue::Json(json!({
            "IsCheckpointingAfterInvocation": self.is_checkpointing_after_invocation,
            "FullyQualifiedNamespace": self.namespace,
            "EventHubName": self.event_hub,
            "ConsumerGroup": self.consumer_group,
            "PartitionId": self.partition_id,
        }))
    }
}

impl Event {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Offsets are numbers in text, as long as the service writes them so.
    fn offset(&self) -> &str {
        if self.offset.parse::<i64>().is_ok() { &self.offset } else { NO_OFFSET }
    }

    fn system_properties(&self) -> Value {
        let mut all = json!({
            "SequenceNumber": self.sequence_number,
            "Offset": self.offset(),
            "OffsetString": self.offset,
            "PartitionKey": self.partition_key,
            "EnqueuedTimeUtc": moment::zoneless_ticks(self.enqueued),
            "x-opt-sequence-number": self.sequence_number,
            "x-opt-offset": self.offset,
            "x-opt-enqueued-time": moment::zoneless_ticks(self.enqueued),
        });
        if let Some(key) = &self.partition_key {
            all["x-opt-partition-key"] = key.as_str().into();
        }
        for (name, value) in &self.system_properties {
            all[name.as_str()] = value.clone();
        }
        all
    }
}

/// The envelope of one event (`cardinality: one`, the host's default).
pub fn one(
    name: &str,
    data_type: Option<DataType>,
    partition: &PartitionContext,
    event: &Event,
) -> Envelope {
    let mut data = BindingData::default();
    set_partition(&mut data, partition);
    data.set_some("PartitionKey", event.partition_key.clone().map(HostValue::Text));
    data.set("Offset", HostValue::Text(event.offset().to_owned()));
    data.set("OffsetString", HostValue::Text(event.offset.clone()));
    data.set("SequenceNumber", HostValue::Json(event.sequence_number.into()));
    data.set("EnqueuedTimeUtc", HostValue::DateTime(event.enqueued));
    data.set("Properties", HostValue::Json(Value::Object(event.properties.clone())));
    data.set("SystemProperties", HostValue::Json(event.system_properties()));
    let value = match data_type {
        Some(DataType::Binary) => HostValue::Bytes(event.body.clone()),
        _ => {
            data.merge_payload(&event.text());
            HostValue::Text(event.text())
        }
    };
    Envelope::new(name, value, data)
}

/// The envelope of a batch (`cardinality: many`): a string that holds an array, of parsed bodies, or of strings with
/// `dataType: string`, or of base64 with `dataType: binary`. The arrays in `Metadata` run in step with it.
pub fn many(
    name: &str,
    data_type: Option<DataType>,
    partition: &PartitionContext,
    events: &[Event],
) -> Result<Envelope, NotJson> {
    let bodies: Vec<Value> = match data_type {
        Some(DataType::String) => events.iter().map(|event| event.text().into()).collect(),
        Some(DataType::Binary) => {
            events.iter().map(|event| STANDARD.encode(&event.body).into()).collect()
        }
        _ => parsed(events)?,
    };
    let array = |of: fn(&Event) -> Value| HostValue::Json(events.iter().map(of).collect());
    let mut data = BindingData::default();
    set_partition(&mut data, partition);
    data.set("PartitionKeyArray", array(|event| event.partition_key.clone().into()));
    data.set("OffsetArray", array(|event| event.offset().into()));
    data.set("OffsetStringArray", array(|event| event.offset.as_str().into()));
    data.set("SequenceNumberArray", array(|event| event.sequence_number.into()));
    data.set("EnqueuedTimeUtcArray", array(|event| moment::zoneless_ticks(event.enqueued).into()));
    data.set("PropertiesArray", array(|event| Value::Object(event.properties.clone())));
    data.set("SystemPropertiesArray", array(Event::system_properties));
    Ok(Envelope::new(name, HostValue::Json(Value::Array(bodies)), data))
}

/// The same under both names.
fn set_partition(data: &mut BindingData, partition: &PartitionContext) {
    data.set("TriggerPartitionContext", partition.to_json());
    data.set("PartitionContext", partition.to_json());
}

fn parsed(events: &[Event]) -> Result<Vec<Value>, NotJson> {
    let parse = |(index, event): (usize, &Event)| {
        serde_json::from_slice(&event.body).map_err(|_| NotJson { index, count: events.len() })
    };
    events.iter().enumerate().map(parse).collect()
}

/// The events that a text given by hand stands for: the text itself.
pub(crate) fn by_hand(text: &str, now: Timestamp) -> Event {
    Event {
        body: text.as_bytes().to_vec(),
        partition_key: None,
        offset: "0".to_owned(),
        sequence_number: 0,
        enqueued: now,
        properties: Map::new(),
        system_properties: Map::new(),
    }
}
