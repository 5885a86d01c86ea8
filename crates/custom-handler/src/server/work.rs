//! What a call asks for, in the words of OpenTelemetry's conventions.

use function_json::Trigger;
use http::Method;
use jiff::Timestamp;
use serde_json::Value;

use crate::envelope::{Metadata, Payload, time};

/// What is to be done.
#[derive(Debug, Clone)]
pub(super) enum Work {
    Http {
        method: Method,
        /// Empty if no function has the path.
        route: String,
    },
    Message(MessageWork),
}

/// A message, or several.
#[derive(Debug, Clone)]
pub(super) struct MessageWork {
    /// `http`, `pubsub`, `datasource` or `timer` (`faas.trigger`).
    pub(super) trigger: &'static str,
    /// `process orders`: what is done, and where it comes from.
    pub(super) name: String,
    pub(super) source: Source,
    /// How many there are, if it is a batch.
    pub(super) count: Option<u64>,
    /// When the oldest of them was put where it came from.
    pub(super) since: Option<Timestamp>,
}

/// Where messages come from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// A queue, a hub, a topic (`messaging.system`, `messaging.destination.name`).
    Messaging { system: &'static str, destination: String },
    /// The change feed of a container.
    ChangeFeed { database: String, container: String },
    /// A clock, or blobs.
    Other,
}

impl MessageWork {
    pub(super) fn new(
        function: &str,
        trigger: &Trigger,
        payload: Option<&Payload>,
        metadata: &Metadata,
    ) -> Self {
        let (trigger_word, source) = source(function, trigger);
        let of = match &source {
            Source::Messaging { destination, .. } => destination,
            Source::ChangeFeed { container, .. } => container,
            Source::Other => function,
        };
        Self {
            trigger: trigger_word,
            name: format!("process {of}"),
            count: payload.and_then(batch).map(|batch| batch.len() as u64),
            since: since(trigger, payload, metadata),
            source,
        }
    }
}

fn source(function: &str, trigger: &Trigger) -> (&'static str, Source) {
    let messaging = |system, destination: &str| {
        ("pubsub", Source::Messaging { system, destination: destination.to_owned() })
    };
    match trigger {
        Trigger::Queue(queue) => messaging("azure_queue_storage", &queue.queue_name),
        Trigger::EventHub(hub) => messaging("eventhubs", &hub.event_hub_name),
        // A topic has no name here: the subscription is made elsewhere.
        Trigger::EventGrid(_) => messaging("eventgrid", function),
        Trigger::Kafka(kafka) => messaging("kafka", &kafka.topic),
        Trigger::CosmosDb(feed) => {
            let (database, container) = (feed.database_name.clone(), feed.container_name.clone());
            ("datasource", Source::ChangeFeed { database, container })
        }
        Trigger::Timer(_) => ("timer", Source::Other),
        Trigger::Blob(_) => ("datasource", Source::Other),
        Trigger::Http(_) => ("http", Source::Other),
    }
}

fn batch(payload: &Payload) -> Option<&[Value]> {
    match payload {
        Payload::Json(Value::Array(batch)) => Some(batch),
        _ => None,
    }
}

/// Queues and hubs say when they took a message, a change feed when its newest document was written: the oldest of a batch
/// of documents may have been written long before, and read then.
fn since(trigger: &Trigger, payload: Option<&Payload>, metadata: &Metadata) -> Option<Timestamp> {
    match trigger {
        Trigger::Queue(_) => metadata.time("InsertionTime"),
        Trigger::EventHub(_) => metadata.time("EnqueuedTimeUtc").or_else(|| {
            let times = metadata.json("EnqueuedTimeUtcArray")?;
            times.as_array()?.iter().filter_map(|at| time(at.as_str()?)).min()
        }),
        Trigger::CosmosDb(_) => {
            let newest = batch(payload?)?.iter().filter_map(|document| document["_ts"].as_i64());
            Timestamp::from_second(newest.max()?).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use function_json::{FunctionJson, FunctionName};
    use serde_json::json;

    fn work(binding: Value, payload: Value, metadata: Value) -> MessageWork {
        let name = FunctionName::parse("f").unwrap();
        let json = json!({ "bindings": [binding] }).to_string();
        let function = FunctionJson::parse_named(&name, &json).unwrap();
        let metadata = Metadata::new(metadata.as_object().unwrap().clone());
        MessageWork::new("f", &function.trigger, Some(&Payload::Json(payload)), &metadata)
    }

    #[test]
    fn a_message_of_a_queue_says_since_when_it_waits() {
        let work = work(
            json!({ "type": "queueTrigger", "direction": "in", "name": "m", "queueName": "orders" }),
            json!({}),
            json!({ "InsertionTime": "\"2026-11-30T10:00:00+00:00\"" }),
        );
        assert_eq!(
            (work.name.as_str(), work.trigger, work.count),
            ("process orders", "pubsub", None)
        );
        assert_eq!(work.since, "2026-11-30T10:00:00Z".parse().ok());
    }

    #[test]
    fn a_change_feed_is_as_far_as_its_newest_document() {
        let work = work(
            json!({ "type": "cosmosDBTrigger", "direction": "in", "name": "d", "connection": "C",
                "databaseName": "shop", "containerName": "cakes" }),
            json!([{ "_ts": 1_700_000_000 }, { "_ts": 1_700_000_060 }]),
            json!({}),
        );
        assert_eq!((work.name.as_str(), work.trigger), ("process cakes", "datasource"));
        assert_eq!((work.count, work.since), (Some(2), Timestamp::from_second(1_700_000_060).ok()));
    }
}
