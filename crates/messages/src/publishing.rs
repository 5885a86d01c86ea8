//! Events on their way to an event hub over HTTPS with the app's identity, or to a topic of Kafka of the same name over
//! Confluent's REST interface with an API key.

use crate::cloud_event::CloudEvent;
use crate::destination::{Broker, Destination};
use crate::event_hub_transport::EventHubTransport;
use crate::event_type::EventType;
use crate::hub_requests::{Outgoing, by_key};
use crate::kafka_transport::KafkaTransport;
use crate::not_published::NotPublished;
use crate::producing::Producing;
use custom_handler::{Settings, SettingsError};
use futures::{StreamExt, stream};
use outgoing::{BreakerLimits, Limits};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;

/// How many keys are published at the same time; of one key one request follows the other.
const MAX_AT_ONCE: usize = 16;
/// How long a broker is left alone that failed often: whoever publishes comes again anyway, and waits for it.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(1);
const LONGEST_LEFT_ALONE: Duration = Duration::from_secs(15);

/// An event hub, or a topic, that events of some types are published to, keyed by what they happened to: events of one
/// subject stay in their order. A hub gets structured JSON; a topic the binary mode of CloudEvents, with headers `ce_…`.
///
/// What was published may have been published before, since an answer can be lost after the work was done: who publishes an
/// outbox again publishes the same ids, and who reads knows them again.
///
/// ```
/// use custom_handler::Settings;
/// use messages::{CloudEvent, EventType, NotPublished, Publisher};
///
/// const BAKED: EventType = EventType::new("com.iommi.bakery.baked.v1");
///
/// async fn tell(hub: &Publisher, cake: &str, at: jiff::Timestamp) -> Result<(), NotPublished> {
///     let data = serde_json::json!({"cake": cake});
///     hub.publish(&CloudEvent::new("/bakery", BAKED, format!("{cake}-1-baked"), cake, at, data)).await
/// }
///
/// let hub = Publisher::read(&Settings::describing(), "cake", &[BAKED]);
/// assert!(hub.is_ok());
/// ```
#[derive(Debug)]
pub struct Publisher {
    types: &'static [EventType],
    transport: Transport,
}

/// How events of one key get there.
#[derive(Debug)]
enum Transport {
    EventHub(EventHubTransport),
    Kafka(KafkaTransport),
}

impl Publisher {
    /// Reads `EVENT_HUBS__fullyQualifiedNamespace`, and `EVENTS_ENDPOINT` with a key and its secret, where somebody else is
    /// published to; contacts nobody. An app that describes itself says that it sends to the hub, and these types.
    ///
    /// # Errors
    /// A setting is missing or malformed; it is noted in `settings`, which reports everything that is wrong at once.
    pub fn read(
        settings: &Settings,
        hub: &'static str,
        types: &'static [EventType],
    ) -> Result<Self, SettingsError> {
        let description = settings.description();
        description.note("eventHubs", &json!({"name": hub, "uses": ["send"]}));
        for one in types {
            description.note("eventTypes", &json!({"type": one.name(), "uses": ["send"]}));
            description.note("published", &json!({"eventHub": hub, "type": one.name()}));
        }
        let transport = match Broker::read(settings)? {
            Broker::EventHubs(namespace) => {
                Transport::EventHub(EventHubTransport::new(hub, &namespace, limits()))
            }
            Broker::Kafka { cluster, authorization } => {
                Transport::Kafka(KafkaTransport::new(hub, &cluster, authorization, limits()))
            }
        };
        Ok(Self { types, transport })
    }

    /// Publishes an event, keyed by its subject; it may be published more than once.
    ///
    /// # Errors
    /// As [`NotPublished`] says; unless it is too large, it may be published all the same.
    ///
    /// # Panics
    /// If the event's type is not one of those that were named, it has no subject, or its data is no JSON: mistakes in the
    /// code.
    pub async fn publish<T: Serialize + Sync>(
        &self,
        event: &CloudEvent<T>,
    ) -> Result<(), NotPublished> {
        let producing = Producing::begin(self.destination(), event);
        let event = self.outgoing(&event.sent_from(&producing.position()));
        let key = event.key.clone();
        self.publish_key(key, vec![(event, producing)]).await
    }

    /// Publishes events, each keyed by its subject: those of one subject in this order, and none of them after one that was
    /// not published. Of some subjects they may be published although those of another were not.
    ///
    /// # Errors
    /// As [`Publisher::publish`], the first one.
    ///
    /// # Panics
    /// As [`Publisher::publish`].
    pub async fn publish_all(&self, events: &[CloudEvent<Value>]) -> Result<(), NotPublished> {
        let events = events.iter().map(|event| {
            let producing = Producing::begin(self.destination(), event);
            (self.outgoing(&event.sent_from(&producing.position())), producing)
        });
        let published: Vec<Result<(), NotPublished>> = stream::iter(by_key(events.collect()))
            .map(|(key, events)| self.publish_key(key, events))
            .buffer_unordered(MAX_AT_ONCE)
            .collect()
            .await;
        published.into_iter().collect()
    }

    fn outgoing<T: Serialize>(&self, event: &CloudEvent<T>) -> Outgoing {
        let r#type = event.r#type.clone();
        let is_named = self.types.iter().any(|one| one.name() == r#type);
        assert!(is_named, "nobody said that events of type {type} are published");
        let key = event.subject.clone().expect("an event of a hub has a subject");
        let text = serde_json::to_string(event).expect("an event is JSON");
        Outgoing { key, r#type, text }
    }

    fn destination(&self) -> Destination {
        match &self.transport {
            Transport::EventHub(hub) => hub.to(),
            Transport::Kafka(topic) => topic.to(),
        }
    }

    async fn publish_key(
        &self,
        key: String,
        events: Vec<(Outgoing, Producing)>,
    ) -> Result<(), NotPublished> {
        let (events, producing): (Vec<Outgoing>, Vec<Producing>) = events.into_iter().unzip();
        let published = match &self.transport {
            Transport::EventHub(hub) => hub.publish(&key, &events).await,
            Transport::Kafka(topic) => topic.publish(&key, &events).await,
        };
        if published.is_err() {
            producing.iter().for_each(Producing::failed);
        }
        published
    }
}

fn limits() -> Limits {
    Limits {
        first_pause: Duration::from_millis(100),
        breaker: BreakerLimits {
            open_for: LEFT_ALONE_FOR,
            longest_open_for: LONGEST_LEFT_ALONE,
            ..Limits::DEFAULT.breaker
        },
        ..Limits::DEFAULT
    }
}
