//! `kafkaTrigger`. Source: `KafkaTriggerBindingStrategy.cs` and `KafkaEventDataConvertManager.cs` of the Kafka extension,
//! version 4.

use base64::{Engine, engine::general_purpose::STANDARD};
use function_json::{DataType, KeyDataType};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BindingData, Envelope, HostValue, json_net, moment};

/// One record of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The value; a record may have none.
    pub value: Option<Vec<u8>>,
    /// The key.
    pub key: Option<Vec<u8>>,
    /// The topic.
    pub topic: String,
    /// The partition.
    pub partition: i32,
    /// Its number in the partition.
    pub offset: i64,
    /// When it was made, or taken by the broker.
    pub timestamp: Timestamp,
    /// The headers, in their order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Which of the partition's leaders took it.
    pub leader_epoch: Option<i32>,
}

/// As what values and keys are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types {
    /// `dataType`.
    pub value: Option<DataType>,
    /// `keyDataType`.
    pub key: KeyDataType,
}

impl Record {
    /// A key that is not as long as its type is none: the real client would not hand such a record on.
    fn key(&self, r#type: KeyDataType) -> HostValue {
        let Some(key) = &self.key else { return HostValue::Json(Value::Null) };
        let number = |number: Option<i64>| HostValue::Json(number.map_or(Value::Null, Value::from));
        match r#type {
            KeyDataType::String => HostValue::Text(String::from_utf8_lossy(key).into_owned()),
            KeyDataType::Binary => HostValue::Bytes(key.clone()),
            KeyDataType::Int => {
                number(key.as_slice().try_into().ok().map(i32::from_be_bytes).map(i64::from))
            }
            KeyDataType::Long => number(key.as_slice().try_into().ok().map(i64::from_be_bytes)),
        }
    }

    fn headers(&self) -> Value {
        let header = |(name, value): &(String, Vec<u8>)| json!({ "Key": name, "Value": STANDARD.encode(value) });
        self.headers.iter().map(header).collect()
    }

    /// Without `dataType: binary` a value is text with all about it around, as the text of a JSON object.
    fn text(&self, key: KeyDataType) -> String {
        let value = self.value.as_deref().map(|value| String::from_utf8_lossy(value).into_owned());
        json_net::compact(&json!({
            "Offset": self.offset,
            "Partition": self.partition,
            "Topic": self.topic,
            "Timestamp": moment::utc_ticks(self.timestamp),
            "Value": value,
            "LeaderEpoch": self.leader_epoch,
            "IsPartitionEOF": false,
            "Key": in_array(&self.key(key)),
            "Headers": self.headers(),
        }))
    }

    fn bytes(&self) -> Vec<u8> {
        self.value.clone().unwrap_or_default()
    }
}

/// A key among others.
fn in_array(key: &HostValue) -> Value {
    match key {
        HostValue::Bytes(bytes) => STANDARD.encode(bytes).into(),
        HostValue::Text(text) => text.as_str().into(),
        HostValue::Json(value) => value.clone(),
        HostValue::DateTime(_) | HostValue::DateTimeOffset(_) => Value::Null,
    }
}

/// The envelope of one record (`cardinality: one`, the host's default).
pub fn one(name: &str, types: Types, record: &Record) -> Envelope {
    let mut data = BindingData::default();
    data.set("Key", record.key(types.key));
    data.set("Partition", HostValue::Json(record.partition.into()));
    data.set("Topic", HostValue::Text(record.topic.clone()));
    data.set("Timestamp", HostValue::DateTime(record.timestamp));
    data.set("Offset", HostValue::Json(record.offset.into()));
    data.set("Headers", HostValue::Json(record.headers()));
    data.set("LeaderEpoch", HostValue::Json(record.leader_epoch.into()));
    data.set("IsPartitionEOF", HostValue::Json(false.into()));
    let value = match types.value {
        Some(DataType::Binary) => HostValue::Bytes(record.bytes()),
        _ => {
            let text = record.text(types.key);
            data.merge_payload(&text);
            HostValue::Text(text)
        }
    };
    Envelope::new(name, value, data)
}

/// The envelope of a batch (`cardinality: many`): a string that holds an array, of base64 with `dataType: binary`, else of
/// texts. The arrays in `Metadata` run in step with it.
pub fn many(name: &str, types: Types, records: &[Record]) -> Envelope {
    let value = |record: &Record| match types.value {
        Some(DataType::Binary) => STANDARD.encode(record.bytes()).into(),
        _ => record.text(types.key).into(),
    };
    let array = |of: &dyn Fn(&Record) -> Value| HostValue::Json(records.iter().map(of).collect());
    let mut data = BindingData::default();
    data.set("PartitionArray", array(&|record| record.partition.into()));
    data.set("OffsetArray", array(&|record| record.offset.into()));
    data.set("TimestampArray", array(&|record| moment::utc_ticks(record.timestamp).into()));
    data.set("TopicArray", array(&|record| record.topic.as_str().into()));
    data.set("KeyArray", array(&|record| in_array(&record.key(types.key))));
    data.set("HeadersArray", array(&Record::headers));
    data.set("LeaderEpochArray", array(&|record| record.leader_epoch.into()));
    data.set("IsPartitionEOFArray", array(&|_| false.into()));
    Envelope::new(name, array(&value), data)
}

/// The record that a text given by hand stands for: the text itself.
pub(crate) fn by_hand(topic: &str, text: &str, now: Timestamp) -> Record {
    Record {
        value: Some(text.as_bytes().to_vec()),
        key: None,
        topic: topic.to_owned(),
        partition: 0,
        offset: 0,
        timestamp: now,
        headers: Vec::new(),
        leader_epoch: None,
    }
}
