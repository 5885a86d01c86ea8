use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use function_json::{Cardinality, DataType, KafkaTrigger, Trigger};
use jiff::Timestamp;
use serde_json::Value;

use super::{Message, not};
use crate::envelope::{EnvelopeError, Metadata, Payload, bytes, number, time};

/// A record of a Kafka topic (`kafkaTrigger`).
///
/// The trigger must say `dataType: binary`: only then does the host send the value as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaEvent {
    /// The value; empty if the record has none.
    pub value: Bytes,
    /// The key: text as it is, a number in digits, bytes (`keyDataType: binary`) in base64.
    pub key: Option<String>,
    /// The topic.
    pub topic: String,
    /// The partition; in it records have an order.
    pub partition: i32,
    /// The record's number in its partition.
    pub offset: i64,
    /// When it was made, or taken by the broker: the topic says which.
    pub timestamp: Option<Timestamp>,
    /// The headers in their order; a name may come more than once. A header without a value has an empty one.
    pub headers: Vec<(String, Bytes)>,
}

/// Records of a topic (`kafkaTrigger` with `cardinality: many`), those of each partition in their order. A batch may
/// hold several partitions.
///
/// After a failed invocation the host commits all the same and the batch is lost, unless a retry policy holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaEvents {
    /// The records.
    pub events: Vec<KafkaEvent>,
}

impl KafkaEvent {
    /// The last header of this name, if it is text: as in HTTP, letters have no case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| std::str::from_utf8(value).ok())
    }
}

fn reads(trigger: &Trigger, cardinality: Cardinality) -> bool {
    let binary = |kafka: &KafkaTrigger| kafka.data_type == Some(DataType::Binary);
    matches!(trigger, Trigger::Kafka(kafka) if kafka.cardinality == cardinality && binary(kafka))
}

impl Message for KafkaEvent {
    const EXPECTED: &'static str = "a kafkaTrigger with cardinality one and dataType binary";

    fn is_for(trigger: &Trigger) -> bool {
        reads(trigger, Cardinality::One)
    }

    fn read(body: Payload, metadata: &Metadata, _: &Trigger) -> Result<Self, EnvelopeError> {
        let Payload::Bytes(value) = body else { return Err(not("bytes", &body)) };
        let entry = |name: &str| metadata.json(name).unwrap_or_default();
        let text = |name: &str| metadata.text(name).map_or(Value::Null, Value::String);
        let row = Row {
            key: text("Key"),
            topic: text("Topic"),
            partition: entry("Partition"),
            offset: entry("Offset"),
            moment: text("Timestamp"),
            headers: entry("Headers"),
        };
        row.event(value)
    }
}

impl Message for KafkaEvents {
    const EXPECTED: &'static str = "a kafkaTrigger with cardinality many and dataType binary";

    fn is_for(trigger: &Trigger) -> bool {
        reads(trigger, Cardinality::Many)
    }

    fn read(payload: Payload, metadata: &Metadata, _: &Trigger) -> Result<Self, EnvelopeError> {
        let Payload::Json(Value::Array(values)) = payload else {
            return Err(not("an array of records", &payload));
        };
        let columns = Columns::read(metadata, values.len())?;
        let events = values.iter().zip(columns.rows()).map(|(value, row)| {
            let value = match value {
                Value::Null => Bytes::new(),
                value => bytes(value)
                    .map_err(|problem| EnvelopeError(format!("a record's value: {problem}")))?,
            };
            row.event(value)
        });
        Ok(Self { events: events.collect::<Result<_, EnvelopeError>>()? })
    }
}

/// What the host says beside one value.
struct Row {
    key: Value,
    topic: Value,
    partition: Value,
    offset: Value,
    moment: Value,
    headers: Value,
}

impl Row {
    fn event(self, value: Bytes) -> Result<KafkaEvent, EnvelopeError> {
        let missing = |what: &str| EnvelopeError(format!("a record has no {what}"));
        let partition = number(&self.partition).and_then(|number| i32::try_from(number).ok());
        Ok(KafkaEvent {
            value,
            key: match self.key {
                Value::Null => None,
                Value::String(text) => Some(text),
                other => Some(other.to_string()),
            },
            topic: self.topic.as_str().unwrap_or_default().to_owned(),
            partition: partition.ok_or_else(|| missing("`Partition`"))?,
            offset: number(&self.offset).ok_or_else(|| missing("`Offset`"))?,
            timestamp: self.moment.as_str().and_then(time),
            headers: headers(&self.headers)?,
        })
    }
}

/// `[{"Key":"…","Value":"base64"}]`.
fn headers(value: &Value) -> Result<Vec<(String, Bytes)>, EnvelopeError> {
    let each = value.as_array().map(Vec::as_slice).unwrap_or_default().iter().map(|header| {
        let name = header["Key"].as_str().unwrap_or_default().to_owned();
        let encoded = header["Value"].as_str().unwrap_or_default();
        let value = STANDARD.decode(encoded).map_err(|error| {
            EnvelopeError(format!("a record's header: it is not base64: {error}"))
        })?;
        Ok((name, Bytes::from(value)))
    });
    each.collect()
}

/// The arrays beside a batch, one entry for each record.
struct Columns([Vec<Value>; 6]);

impl Columns {
    fn read(metadata: &Metadata, records: usize) -> Result<Self, EnvelopeError> {
        let column = |name: &str| match metadata.json(name) {
            None => Ok(vec![Value::Null; records]),
            Some(Value::Array(values)) if values.len() == records => Ok(values),
            Some(_) => Err(EnvelopeError(format!(
                "`{name}` is not an array of {records} values, one for each record"
            ))),
        };
        Ok(Self([
            column("KeyArray")?,
            column("TopicArray")?,
            column("PartitionArray")?,
            column("OffsetArray")?,
            column("TimestampArray")?,
            column("HeadersArray")?,
        ]))
    }

    fn rows(self) -> impl Iterator<Item = Row> {
        let [keys, topics, partitions, offsets, moments, headers] = self.0;
        let rows =
            keys.into_iter().zip(topics).zip(partitions).zip(offsets).zip(moments).zip(headers);
        rows.map(|(((((key, topic), partition), offset), moment), headers)| Row {
            key,
            topic,
            partition,
            offset,
            moment,
            headers,
        })
    }
}
