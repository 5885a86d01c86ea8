//! Events as messages of AMQP, and back.

use bytes::Bytes;
use fe2o3_amqp::types::{
    messaging::{
        ApplicationProperties, Body, Data, DeliveryAnnotations, Message, MessageAnnotations,
        MessageId, Properties, annotations::OwnedKey, message::DecodeIntoMessage as _,
    },
    primitives::{Binary, SimpleValue, Symbol, Timestamp as AmqpTimestamp, Value},
};
use jiff::Timestamp;
use serde_amqp::read::SliceReader;
use uuid::Uuid;

use crate::event_hubs::{
    event::{HubEvent, NewEvent, Properties as Named},
    partition::Extent,
    property::Property,
    refusal::Refusal,
};

/// The format of a message whose data sections are messages.
const BATCH: u32 = 0x8001_3700;
const PARTITION_KEY: &str = "x-opt-partition-key";

/// A message whose body was not looked at yet.
pub(super) type Received = Message<Body<Value>>;

/// The events of a message: one, or those of a batch. The key of a batch is that of its outer message.
pub(super) fn of_message(message: Received, format: Option<u32>) -> Result<Vec<NewEvent>, Refusal> {
    if format != Some(BATCH) {
        return event(message, None).map(|event| vec![event]);
    }
    let key = partition_key(&message);
    let Body::Data(sections) = message.body else {
        return Err(malformed("a batch holds its events in data sections"));
    };
    let inner = |section: &Data| {
        let decoded = Body::<Value>::decode_message_from_reader(SliceReader::new(&section.0));
        let message = decoded.map_err(|error| {
            Refusal::Malformed(format!("an event of the batch is no message: {error}"))
        })?;
        event(message, key.clone())
    };
    let events: Vec<_> = sections.iter().map(inner).collect::<Result<_, _>>()?;
    if events.is_empty() { Err(malformed("the batch is empty")) } else { Ok(events) }
}

fn event(message: Received, key: Option<String>) -> Result<NewEvent, Refusal> {
    let partition_key = key.or_else(|| partition_key(&message));
    let body = match message.body {
        Body::Data(sections) => {
            sections.iter().flat_map(|section| section.0.iter().copied()).collect()
        }
        Body::Empty => Bytes::new(),
        Body::Value(_) | Body::Sequence(_) => {
            return Err(malformed("the body is no data section; send bytes, as the SDKs do"));
        }
    };
    let own = message.application_properties.unwrap_or_default().0;
    let property = |(name, value): (String, SimpleValue)| match of_simple(value) {
        Some(property) => Ok((name, property)),
        None => Err(Refusal::Malformed(format!(
            "the property {name} has a type that is not taken here"
        ))),
    };
    Ok(NewEvent {
        body,
        partition_key,
        properties: own.into_iter().map(property).collect::<Result<_, _>>()?,
        system_properties: message.properties.map(of_properties).unwrap_or_default(),
    })
}

fn partition_key(message: &Received) -> Option<String> {
    let annotations = message.message_annotations.as_ref()?;
    match annotations.0.get(&OwnedKey::from(PARTITION_KEY))? {
        Value::String(key) => Some(key.clone()),
        Value::Symbol(key) => Some(key.0.clone()),
        _ => None,
    }
}

/// An event on its way to a reader, and, for those who want it, how its partition stands.
pub(super) fn message(event: &HubEvent, extent: Option<&Extent>) -> Message<Data> {
    let mut annotations = MessageAnnotations::default();
    let mut annotate = |name: &str, value| drop(annotations.0.insert(OwnedKey::from(name), value));
    annotate("x-opt-sequence-number", Value::Long(event.sequence_number));
    annotate("x-opt-offset", Value::String(event.offset.to_string()));
    annotate("x-opt-enqueued-time", Value::Timestamp(moment(event.enqueued)));
    if let Some(key) = &event.partition_key {
        annotate(PARTITION_KEY, Value::String(key.clone()));
    }
    let own = event.properties.iter().map(|(name, value)| (name.clone(), to_simple(value)));
    let own: Vec<_> = own.collect();
    Message {
        header: None,
        delivery_annotations: extent.map(metrics),
        message_annotations: Some(annotations),
        properties: (!event.system_properties.is_empty())
            .then(|| to_properties(&event.system_properties)),
        application_properties: (!own.is_empty())
            .then(|| ApplicationProperties(own.into_iter().collect())),
        body: Data(Binary::from(event.body.to_vec())),
        footer: None,
    }
}

fn metrics(extent: &Extent) -> DeliveryAnnotations {
    let mut annotations = DeliveryAnnotations::default();
    let mut annotate = |name: &str, value| drop(annotations.0.insert(OwnedKey::from(name), value));
    annotate("last_enqueued_sequence_number", Value::Long(extent.last_sequence_number));
    annotate("last_enqueued_offset", Value::String(extent.last_offset.to_string()));
    annotate("last_enqueued_time_utc", Value::Timestamp(moment(extent.last_enqueued)));
    annotate("runtime_info_retrieval_time_utc", Value::Timestamp(moment(Timestamp::now())));
    annotations
}

/// AMQP's moments are in milliseconds.
pub(super) fn moment(moment: Timestamp) -> AmqpTimestamp {
    AmqpTimestamp::from_milliseconds(moment.as_millisecond())
}

fn of_moment(moment: &AmqpTimestamp) -> Option<Property> {
    Timestamp::from_millisecond(moment.milliseconds()).ok().map(Property::Moment)
}

fn of_simple(value: SimpleValue) -> Option<Property> {
    Some(match value {
        SimpleValue::Null => Property::Null,
        SimpleValue::Bool(truth) => Property::Boolean(truth),
        SimpleValue::Ubyte(number) => Property::Integer(number.into()),
        SimpleValue::Ushort(number) => Property::Integer(number.into()),
        SimpleValue::Uint(number) => Property::Integer(number.into()),
        SimpleValue::Ulong(number) => Property::Integer(number.try_into().ok()?),
        SimpleValue::Byte(number) => Property::Integer(number.into()),
        SimpleValue::Short(number) => Property::Integer(number.into()),
        SimpleValue::Int(number) => Property::Integer(number.into()),
        SimpleValue::Long(number) => Property::Integer(number),
        SimpleValue::Float(number) => Property::Double(number.0.into()),
        SimpleValue::Double(number) => Property::Double(number.0),
        SimpleValue::Char(letter) => Property::Text(letter.into()),
        SimpleValue::Timestamp(moment) => of_moment(&moment)?,
        SimpleValue::Uuid(id) => Property::Id(Uuid::from_bytes(id.into_inner())),
        SimpleValue::Binary(bytes) => Property::Bytes(bytes.into_vec()),
        SimpleValue::String(text) => Property::Text(text),
        SimpleValue::Symbol(symbol) => Property::Text(symbol.0),
        _ => return None,
    })
}

fn to_simple(property: &Property) -> SimpleValue {
    match property {
        Property::Null => SimpleValue::Null,
        Property::Text(text) => SimpleValue::String(text.clone()),
        Property::Integer(number) => SimpleValue::Long(*number),
        Property::Double(number) => SimpleValue::Double((*number).into()),
        Property::Boolean(truth) => SimpleValue::Bool(*truth),
        Property::Moment(at) => SimpleValue::Timestamp(moment(*at)),
        Property::Id(id) => SimpleValue::Uuid((*id.as_bytes()).into()),
        Property::Bytes(bytes) => SimpleValue::Binary(Binary::from(bytes.clone())),
    }
}

fn of_id(id: MessageId) -> Property {
    match id {
        // What does not fit stays readable.
        MessageId::Ulong(number) => i64::try_from(number)
            .map_or_else(|_| Property::Text(number.to_string()), Property::Integer),
        MessageId::Uuid(id) => Property::Id(Uuid::from_bytes(id.into_inner())),
        MessageId::Binary(bytes) => Property::Bytes(bytes.into_vec()),
        MessageId::String(text) => Property::Text(text),
    }
}

fn to_id(property: &Property) -> Option<MessageId> {
    match property {
        Property::Text(text) => Some(MessageId::String(text.clone())),
        Property::Integer(number) => u64::try_from(*number).ok().map(MessageId::Ulong),
        Property::Id(id) => Some(MessageId::Uuid((*id.as_bytes()).into())),
        Property::Bytes(bytes) => Some(MessageId::Binary(Binary::from(bytes.clone()))),
        _ => None,
    }
}

fn of_properties(properties: Properties) -> Named {
    let text = |text: Option<String>| text.map(Property::Text);
    let symbol = |symbol: Option<Symbol>| symbol.map(|symbol| Property::Text(symbol.0));
    let named = [
        ("message-id", properties.message_id.map(of_id)),
        ("user-id", properties.user_id.map(|id| Property::Bytes(id.into_vec()))),
        ("to", text(properties.to)),
        ("subject", text(properties.subject)),
        ("reply-to", text(properties.reply_to)),
        ("correlation-id", properties.correlation_id.map(of_id)),
        ("content-type", symbol(properties.content_type)),
        ("content-encoding", symbol(properties.content_encoding)),
        ("absolute-expiry-time", properties.absolute_expiry_time.as_ref().and_then(of_moment)),
        ("creation-time", properties.creation_time.as_ref().and_then(of_moment)),
        ("group-id", text(properties.group_id)),
        ("group-sequence", properties.group_sequence.map(|n| Property::Integer(n.into()))),
        ("reply-to-group-id", text(properties.reply_to_group_id)),
    ];
    named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn to_properties(named: &Named) -> Properties {
    let text = |name: &str| match named.get(name)? {
        Property::Text(text) => Some(text.clone()),
        _ => None,
    };
    let at = |name: &str| match named.get(name)? {
        Property::Moment(at) => Some(moment(*at)),
        _ => None,
    };
    Properties {
        message_id: named.get("message-id").and_then(to_id),
        user_id: match named.get("user-id") {
            Some(Property::Bytes(bytes)) => Some(Binary::from(bytes.clone())),
            _ => None,
        },
        to: text("to"),
        subject: text("subject"),
        reply_to: text("reply-to"),
        correlation_id: named.get("correlation-id").and_then(to_id),
        content_type: text("content-type").map(Symbol::new),
        content_encoding: text("content-encoding").map(Symbol::new),
        absolute_expiry_time: at("absolute-expiry-time"),
        creation_time: at("creation-time"),
        group_id: text("group-id"),
        group_sequence: match named.get("group-sequence") {
            Some(Property::Integer(number)) => u32::try_from(*number).ok(),
            _ => None,
        },
        reply_to_group_id: text("reply-to-group-id"),
    }
}

fn malformed(why: &str) -> Refusal {
    Refusal::Malformed(why.to_owned())
}
