//! Events of a Kafka topic as an app takes them in: as those of a hub, whichever of the two forms of the CloudEvents binding
//! for Kafka (version 1.0.2) they have.

use crate::consuming::{EventConsumer, consume};
use crate::kafka_requests::{CONTENT_TYPE, PREFIX};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use custom_handler::{
    Bytes, Done, Failure, HubEvent, HubEvents, Invocation, KafkaEvent, KafkaEvents, Payload,
};
use futures::{StreamExt, stream};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How many partitions of a batch are worked at at the same time.
const MAX_AT_ONCE: usize = 4;
/// What begins the content type of an event that is all in its value.
const STRUCTURED: &str = "application/cloudevents";
/// The attributes that are numbers; as headers all are texts.
const NUMBERS: [&str; 1] = ["revision"];

/// As [`consume`](crate::consume), of records of a Kafka topic: each partition is a batch of its own, in which the records of
/// one key stay in their order. What is given up is a letter in structured JSON, as on a hub, and so is what is put into the
/// queue of replays.
///
/// # Errors
/// [`Failure::Again`]: the host brings the batch again.
pub async fn consume_kafka<A: EventConsumer>(
    app: &A,
    records: KafkaEvents,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let count = records.events.len();
    let ended: Vec<Result<Done, Failure>> = stream::iter(by_partition(records.events))
        .map(|batch| consume(app, batch, invocation.clone()))
        .buffer_unordered(MAX_AT_ONCE)
        .collect()
        .await;
    ended.into_iter().collect::<Result<Vec<Done>, Failure>>()?;
    Ok(Done::nothing().log(format!("{count} events")))
}

/// As a hub brings them: a batch is of one partition.
fn by_partition(records: Vec<KafkaEvent>) -> Vec<HubEvents> {
    let mut partitions: BTreeMap<String, Vec<HubEvent>> = BTreeMap::new();
    for record in records {
        let partition = format!("{}/{}", record.topic, record.partition);
        partitions.entry(partition).or_default().push(as_of_a_hub(record));
    }
    let batch = |(partition, events)| HubEvents { events, partition_id: Some(partition) };
    partitions.into_iter().map(batch).collect()
}

fn as_of_a_hub(record: KafkaEvent) -> HubEvent {
    HubEvent {
        body: event(&record),
        partition_key: record.key,
        offset: Some(record.offset.to_string()),
        sequence_number: Some(record.offset),
        enqueued_time: record.timestamp,
        properties: Map::new(),
        system_properties: Map::new(),
    }
}

/// The event as structured JSON. What is no event in either form stays as it is, and whoever reads it says what is wrong.
fn event(record: &KafkaEvent) -> Payload {
    let content_type = record.header(CONTENT_TYPE);
    let is_structured =
        content_type.is_some_and(|of| of.to_ascii_lowercase().starts_with(STRUCTURED));
    let specversion = format!("{PREFIX}specversion");
    if is_structured || record.header(&specversion).is_none() {
        return Payload::Bytes(record.value.clone());
    }
    let mut event: Map<String, Value> = record.headers.iter().filter_map(attribute).collect();
    if let Some(content_type) = content_type {
        event.insert("datacontenttype".to_owned(), content_type.into());
    }
    event.extend(data(content_type, &record.value));
    Payload::Text(Value::Object(event).to_string())
}

/// A header that is text, if it is an attribute; a name that comes twice counts as it came last.
fn attribute((name, value): &(String, Bytes)) -> Option<(String, Value)> {
    let name = name.to_ascii_lowercase().strip_prefix(PREFIX)?.to_owned();
    let text = std::str::from_utf8(value).ok()?;
    let number = NUMBERS.contains(&name.as_str()).then(|| text.parse::<i64>().ok()).flatten();
    let value = number.map_or_else(|| Value::from(text), Value::from);
    Some((name, value))
}

/// JSON as it is; anything else, also what only says that it is JSON, as bytes, so that nothing is lost of it.
fn data(content_type: Option<&str>, value: &Bytes) -> Option<(String, Value)> {
    if value.is_empty() {
        return None;
    }
    let media_type = content_type.unwrap_or("application/json").split(';').next();
    let media_type = media_type.unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = media_type == "application/json" || media_type.ends_with("+json");
    let json = is_json.then(|| serde_json::from_slice(value).ok()).flatten();
    Some(match json {
        Some(json) => ("data".to_owned(), json),
        None => ("data_base64".to_owned(), STANDARD.encode(value).into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kafka_requests;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    fn record(headers: &[(&str, &str)], value: &str) -> KafkaEvent {
        let header = |(name, value): &(&str, &str)| {
            ((*name).to_owned(), Bytes::copy_from_slice(value.as_bytes()))
        };
        KafkaEvent {
            value: Bytes::copy_from_slice(value.as_bytes()),
            key: Some("k".to_owned()),
            topic: "cake".to_owned(),
            partition: 0,
            offset: 7,
            timestamp: None,
            headers: headers.iter().map(header).collect(),
        }
    }

    fn read(headers: &[(&str, &str)], value: &str) -> Value {
        serde_json::from_slice(&event(&record(headers, value)).bytes()).unwrap()
    }

    #[test]
    fn an_event_in_headers_and_one_in_its_value_are_the_same() {
        let event = json!({
            "specversion": "1.0", "id": "k-1-baked", "source": "/bakery", "type": "com.iommi.bakery.baked.v1",
            "subject": "k", "time": "2026-11-21T08:00:00Z", "datacontenttype": "application/json", "revision": 1,
            "data": {"cake": "Äpfel", "pieces": 12},
        });
        let structured = [("Content-Type", "application/cloudevents+json; charset=UTF-8")];
        assert_eq!(read(&structured, &event.to_string()), event);
        assert_eq!(read(&[], &event.to_string()), event);
        let sent: Value =
            serde_json::from_str(&kafka_requests::record("k", &event.to_string())).unwrap();
        let text = |value: &Value| {
            String::from_utf8(STANDARD.decode(value.as_str().unwrap()).unwrap()).unwrap()
        };
        let headers: Vec<(String, String)> = sent["headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|header| (header["name"].as_str().unwrap().to_owned(), text(&header["value"])))
            .collect();
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(read(&headers, &text(&sent["value"]["data"])), event);
    }

    #[test]
    fn nothing_is_lost_of_data_that_is_no_json() {
        let binary = |content_type, value| {
            read(&[("ce_specversion", "1.0"), ("content-type", content_type)], value)
        };
        assert_eq!(binary("text/plain", "hi")["data_base64"], "aGk=");
        assert_eq!(binary("application/json", "{broken")["data_base64"], "e2Jyb2tlbg==");
        assert_eq!(binary("application/vnd.x+json; v=1", "[1]")["data"], json!([1]));
        assert_eq!(binary("application/json", "").get("data"), None);
    }

    #[test]
    fn what_is_no_event_stays_as_it_is() {
        let Payload::Bytes(bytes) = event(&record(&[("ce_id", "1")], "hello")) else {
            panic!("not as it was")
        };
        assert_eq!(bytes, "hello");
    }

    #[test]
    fn each_partition_is_a_batch_in_its_order() {
        let of = |partition, offset| KafkaEvent { partition, offset, ..record(&[], "{}") };
        let batches = by_partition(vec![of(1, 5), of(0, 3), of(1, 6)]);
        let seen: Vec<(Option<String>, Vec<Option<i64>>)> = batches
            .into_iter()
            .map(|batch| {
                (
                    batch.partition_id,
                    batch.events.iter().map(|event| event.sequence_number).collect(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (Some("cake/0".into()), vec![Some(3)]),
                (Some("cake/1".into()), vec![Some(5), Some(6)])
            ]
        );
    }
}
