//! Send event, Send batch events, Send partition event, Send with publisher id.
//! <https://learn.microsoft.com/rest/api/eventhub/event-hubs-runtime-rest>

use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode};

use super::{Call, Reply, batch, disturbance, reply};
use crate::{
    event_hubs::{
        EventHubs, authorization,
        event::{NewEvent, Properties},
        hub::{Destination, Hub},
        property::Property,
        refusal::{MAX_MESSAGE_BYTES, Refusal},
    },
    listen::HangUp,
};

/// The content type of a batch.
const BATCH: &str = "application/vnd.microsoft.servicebus.json";
const BROKER_PROPERTIES: &str = "brokerproperties";
/// Headers that are about the request and not about the event.
const NO_PROPERTIES: [&str; 16] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    BROKER_PROPERTIES,
    "connection",
    "content-length",
    "content-type",
    "date",
    "expect",
    "host",
    "te",
    "transfer-encoding",
    "user-agent",
    "x-ms-retrypolicy",
    "x-ms-version",
];

/// Events with a partition to go to.
struct Accepted {
    hub: Arc<Hub>,
    name: String,
    partition: u32,
    events: Vec<NewEvent>,
}

/// Answers `POST …/messages`.
pub(super) async fn answer(hubs: Arc<EventHubs>, call: &Call) -> Result<Reply, HangUp> {
    let accepted = match accept(&hubs, call) {
        Ok(accepted) => accepted,
        Err(refusal) => return Ok(reply::refused(&refusal)),
    };
    let fault = hubs.fault(&accepted.name, accepted.partition);
    let work = async move {
        let Accepted { hub, partition, events, .. } = accepted;
        match hub.append(partition, hubs.clock.now(), events) {
            Ok(()) => reply::empty(StatusCode::CREATED),
            Err(refusal) => reply::refused(&refusal),
        }
    };
    disturbance::under(fault, reply::refused, work).await
}

fn accept(hubs: &EventHubs, call: &Call) -> Result<Accepted, Refusal> {
    let path = call.parts.uri.path();
    let names: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let (name, addressed) = match names[..] {
        [hub, "messages"] => (hub, Destination::Anywhere),
        [hub, "partitions", id, "messages"] => (hub, Destination::Partition(id.to_owned())),
        // Whatever a publisher sends lies in one partition.
        [hub, "publishers", id, "messages"] => (hub, Destination::Key(id.to_owned())),
        _ => return Err(Refusal::NoResource(path.to_owned())),
    };
    authorization::check(call.header("authorization"), path, hubs.clock.now())?;
    let hub = hubs.hub(name)?;
    let is_batch = call.header("content-type").is_some_and(|value| {
        value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(BATCH))
    });
    let mut events = if is_batch { batch::read(&call.body)? } else { vec![single(call)?] };
    let destination = destination(addressed, &events)?;
    if let Destination::Key(key) = &destination {
        events.iter_mut().for_each(|event| event.partition_key = Some(key.clone()));
    }
    let partition = hub.choose(&destination)?;
    Ok(Accepted { hub, name: name.to_owned(), partition, events })
}

/// A key chooses the partition, so there cannot be one beside a partition or a publisher; a batch has one for all.
fn destination(addressed: Destination, events: &[NewEvent]) -> Result<Destination, Refusal> {
    let mut keys = events.iter().map(|event| &event.partition_key);
    let first = keys.next().cloned().flatten();
    if keys.any(|key| *key != first) {
        return Err(Refusal::Malformed(
            "BrokerProperties.PartitionKey: a batch goes to one partition, so all its events have the same key, or none"
                .to_owned(),
        ));
    }
    match (addressed, first) {
        (addressed, None) => Ok(addressed),
        (Destination::Anywhere, Some(key)) => Ok(Destination::Key(key)),
        (_, Some(_)) => Err(Refusal::Malformed(
            "BrokerProperties.PartitionKey: the path says already where the event goes; leave one of them out"
                .to_owned(),
        )),
    }
}

/// The body as it is, its properties from headers.
fn single(call: &Call) -> Result<NewEvent, Refusal> {
    if call.body.len() > MAX_MESSAGE_BYTES {
        return Err(Refusal::TooLarge { bytes: call.body.len() });
    }
    let partition_key = match call.header(BROKER_PROPERTIES) {
        None => None,
        Some(text) => {
            let value = serde_json::from_str(text).map_err(|error| {
                Refusal::Malformed(format!("the header BrokerProperties is no JSON: {error}"))
            })?;
            batch::partition_key("BrokerProperties", value)?
        }
    };
    Ok(NewEvent {
        body: call.body.clone(),
        partition_key,
        properties: properties(call)?,
        system_properties: Properties::new(),
    })
}

fn properties(call: &Call) -> Result<Properties, Refusal> {
    let headers =
        call.parts.headers.iter().filter(|(name, _)| !NO_PROPERTIES.contains(&name.as_str()));
    let property = |(name, value): (&HeaderName, &HeaderValue)| {
        let text = std::str::from_utf8(value.as_bytes()).map_err(|_| {
            Refusal::Malformed(format!(
                "the header {name} is not text in UTF-8, and no property can be made of it"
            ))
        })?;
        Ok((name.as_str().to_owned(), Property::of_header(text)))
    };
    headers.map(property).collect()
}
