//! `$cbs` and `$management`: a message asks, and one is answered.
//! <https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#claims-based-authorization>

use fe2o3_amqp::types::{
    messaging::{AmqpValue, ApplicationProperties, Body, Message, Properties},
    primitives::{Array, OrderedMap, SimpleValue, Value},
};

use super::{
    Broker,
    address::{Node, path_of},
    events::{Received, moment},
    permissions::Permissions,
};
use crate::event_hubs::{authorization, hub::Hub, refusal::Refusal};

/// An answer on its way to its link.
pub(super) type Answer = Message<AmqpValue<Value>>;

/// A token of Entra ID.
const JWT: &str = "jwt";
/// A shared access signature.
const SIGNATURE: &str = "servicebus.windows.net:sastoken";

/// Answers a request; `node` is where it was sent.
pub(super) fn answer(
    broker: &Broker,
    permissions: &Permissions,
    node: &Node,
    request: &Received,
) -> Answer {
    let answered = match node {
        Node::Tokens => put_token(broker, permissions, request).map(|()| (202, Value::Null)),
        _ => read(broker, permissions, request).map(|body| (200, body)),
    };
    let (status, description, body) = match answered {
        Ok((status, body)) => (status, "OK".to_owned(), body),
        Err(refusal) => (status_of(&refusal), refusal.to_string(), Value::Null),
    };
    let asked = request.properties.clone().unwrap_or_default();
    let said = [
        ("status-code", SimpleValue::Int(status)),
        ("status-description", SimpleValue::String(description)),
    ];
    Message::builder()
        .properties(Properties {
            correlation_id: asked.message_id,
            to: asked.reply_to,
            ..Properties::default()
        })
        .application_properties(ApplicationProperties(
            said.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        ))
        .value(body)
        .build()
}

fn put_token(
    broker: &Broker,
    permissions: &Permissions,
    request: &Received,
) -> Result<(), Refusal> {
    if text(request, "operation") != Some("put-token") {
        return Err(Refusal::Malformed("operation: $cbs takes put-token only".to_owned()));
    }
    let name = text(request, "name").unwrap_or_default();
    let path = path_of(name);
    let token = match &request.body {
        Body::Value(AmqpValue(Value::String(token))) => token.as_str(),
        _ => "",
    };
    match text(request, "type") {
        Some(JWT) if !token.is_empty() => {}
        Some(SIGNATURE) => {
            authorization::check_signature(token, path, broker.hubs.clock.now())?;
        }
        _ => {
            let why = format!("the token is empty, or its type is neither {JWT} nor {SIGNATURE}");
            return Err(Refusal::Unauthorized(why));
        }
    }
    // The service tells of a missing hub here, before any link: SDKs expect it so.
    if let Some(hub) = path.split('/').next().filter(|hub| !hub.is_empty() && !hub.starts_with('$'))
    {
        broker.hubs.hub(hub)?;
    }
    permissions.grant(name);
    Ok(())
}

fn read(broker: &Broker, permissions: &Permissions, request: &Received) -> Result<Value, Refusal> {
    let name = text(request, "name").unwrap_or_default();
    let hub = broker.hubs.hub(name)?;
    if !permissions.open(name) {
        return Err(Refusal::Unauthorized(format!("no token was put for the event hub {name}")));
    }
    match (text(request, "operation"), text(request, "type")) {
        (Some("READ"), Some("com.microsoft:eventhub")) => Ok(about_hub(&hub)),
        (Some("READ"), Some("com.microsoft:partition")) => {
            about_partition(&hub, text(request, "partition").unwrap_or_default())
        }
        _ => Err(Refusal::Malformed(
            "operation, type: $management takes READ of com.microsoft:eventhub and com.microsoft:partition only"
                .to_owned(),
        )),
    }
}

fn about_hub(hub: &Hub) -> Value {
    let record = hub.record();
    let ids = (0..record.partitions).map(|id| Value::String(id.to_string()));
    map([
        ("name", Value::String(record.name)),
        ("type", Value::String("com.microsoft:eventhub".to_owned())),
        ("created_at", Value::Timestamp(moment(record.created))),
        ("partition_count", Value::Int(i32::try_from(record.partitions).unwrap_or(i32::MAX))),
        ("partition_ids", Value::Array(Array::from(ids.collect::<Vec<_>>()))),
        ("georeplication_factor", Value::Int(1)),
    ])
}

fn about_partition(hub: &Hub, id: &str) -> Result<Value, Refusal> {
    let (_, partition) = hub.partition(id)?;
    let extent = partition.extent();
    Ok(map([
        ("name", Value::String(hub.record().name)),
        ("type", Value::String("com.microsoft:partition".to_owned())),
        ("partition", Value::String(id.to_owned())),
        ("begin_sequence_number", Value::Long(extent.first_sequence_number)),
        ("last_enqueued_sequence_number", Value::Long(extent.last_sequence_number)),
        // The number of a failover to another region, which there is none of here.
        ("last_enqueued_sequence_number_epoch", Value::Long(-1)),
        ("last_enqueued_offset", Value::String(extent.last_offset.to_string())),
        ("last_enqueued_time_utc", Value::Timestamp(moment(extent.last_enqueued))),
        ("is_partition_empty", Value::Bool(extent.is_empty)),
    ]))
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.map(|(name, value)| (Value::String(name.to_owned()), value));
    Value::Map(members.into_iter().collect::<OrderedMap<_, _>>())
}

/// A property of a request that is text.
fn text<'a>(request: &'a Received, name: &str) -> Option<&'a str> {
    match request.application_properties.as_ref()?.0.get(name)? {
        SimpleValue::String(text) => Some(text),
        SimpleValue::Symbol(symbol) => Some(&symbol.0),
        _ => None,
    }
}

fn status_of(refusal: &Refusal) -> i32 {
    match refusal {
        Refusal::NoHub(_) | Refusal::NoPartition { .. } | Refusal::NoGroup { .. } => 404,
        Refusal::Unauthorized(_) => 401,
        Refusal::Malformed(_) => 400,
        _ => 500,
    }
}
