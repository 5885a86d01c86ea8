//! Events on their way to an event hub, over HTTPS with the app's identity.
//! <https://learn.microsoft.com/rest/api/eventhub/event-hubs-runtime-rest>

use crate::cloud_event::CloudEvent;
use crate::event_type::EventType;
use crate::hub_requests::{BATCH_TYPE, Body, EVENT_TYPE, MAX_BODY_BYTES, Outgoing, bodies, by_key};
use crate::namespace::{NAMESPACE, Namespace};
use azure_data::Identity;
use custom_handler::{Settings, SettingsError};
use futures::{StreamExt, stream};
use outgoing::{
    BreakerLimits, CallError, Client, HeaderName, HeaderValue, Limits, Request, StatusCode, Url,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// What tokens for event hubs are for.
const SCOPE: &str = "https://eventhubs.azure.net/.default";
const BROKER_PROPERTIES: HeaderName = HeaderName::from_static("brokerproperties");
/// How many keys are published at the same time; of one key one request follows the other.
const MAX_AT_ONCE: usize = 16;
/// How long a namespace is left alone that failed often: whoever publishes comes again anyway, and waits for it.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(1);
const LONGEST_LEFT_ALONE: Duration = Duration::from_secs(15);

/// An event hub that events of some types are published to, as structured JSON, keyed by what they happened to: events of
/// one subject stay in their order.
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
    hub: &'static str,
    types: &'static [EventType],
    url: Url,
    client: Client,
}

/// Why events were not published, or are not known to be.
#[derive(Debug, thiserror::Error)]
pub enum NotPublished {
    /// Nothing was sent: no hub takes such an event.
    #[error(
        "an event of type {kind} has {bytes} bytes, and the event hub {hub} takes at most {MAX_BODY_BYTES}: keep its content \
         in a blob and say where (`dataref`)"
    )]
    TooLarge {
        /// The hub.
        hub: &'static str,
        /// The event's type.
        kind: String,
        /// How large it is.
        bytes: usize,
    },
    /// The hub does not take it, and would not take it later as things are.
    #[error("the event hub {hub} answered {status}: {remedy}")]
    Refused {
        /// The hub.
        hub: &'static str,
        /// Its answer.
        status: StatusCode,
        /// What would have to be different.
        remedy: &'static str,
    },
    /// The hub is in trouble. Publish again.
    #[error("the event hub {hub} answered {status}; the events are published again later")]
    Busy {
        /// The hub.
        hub: &'static str,
        /// Its answer.
        status: StatusCode,
    },
    /// There is no answer: they may be published all the same. Publish again.
    #[error("publishing to the event hub {hub}: {cause}")]
    Unanswered {
        /// The hub.
        hub: &'static str,
        /// Why.
        cause: CallError,
    },
}

impl NotPublished {
    /// Whether the event itself is at fault: it will never be published.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge { .. })
    }
}

fn remedy(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "the app needs the role Azure Event Hubs Data Sender on it"
        }
        StatusCode::NOT_FOUND => "an app must own it, under owns.eventHubs",
        StatusCode::PAYLOAD_TOO_LARGE => "an event or a batch is too large for it",
        _ => "it does not take what we send",
    }
}

impl Publisher {
    /// Reads `EVENT_HUBS__fullyQualifiedNamespace`; contacts nobody. An app that describes itself says that it sends to the
    /// hub, and these types.
    ///
    /// # Errors
    /// The setting is missing or no host; it is noted in `settings`, which reports everything that is wrong at once.
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
        let Namespace(namespace) = settings.value::<Namespace>(&NAMESPACE)?;
        let identity = Arc::new(Identity::new(namespace.url().clone(), SCOPE));
        let client = Client::new(format!("the event hub {hub}"), limits()).with_bearer(move || {
            let identity = Arc::clone(&identity);
            async move { identity.bearer().await }
        });
        Ok(Self { hub, types, url: namespace.at(&format!("{hub}/messages")), client })
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
        let event = self.outgoing(event);
        let key = event.key.clone();
        self.publish_key(key, vec![event]).await
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
        let events = events.iter().map(|event| self.outgoing(event)).collect();
        let published: Vec<Result<(), NotPublished>> = stream::iter(by_key(events))
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

    async fn publish_key(&self, key: String, events: Vec<Outgoing>) -> Result<(), NotPublished> {
        let hub = self.hub;
        let bodies = bodies(&key, &events).map_err(|event| NotPublished::TooLarge {
            hub,
            kind: event.r#type,
            bytes: event.text.len(),
        })?;
        for body in bodies {
            let answer = self.client.call(&self.request(&key, body)).await;
            let status = answer.map_err(|cause| NotPublished::Unanswered { hub, cause })?.status();
            match status {
                status if status.is_success() => {}
                StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
                    return Err(NotPublished::Busy { hub, status });
                }
                status if status.is_server_error() => {
                    return Err(NotPublished::Busy { hub, status });
                }
                status => {
                    return Err(NotPublished::Refused { hub, status, remedy: remedy(status) });
                }
            }
        }
        Ok(())
    }

    /// Repeatable, since the events have ids by which they are known again.
    fn request(&self, key: &str, body: Body) -> Request {
        let request = Request::post(self.url.clone()).repeatable();
        match body {
            Body::Batch(text) => request.body(text, BATCH_TYPE),
            Body::One(text) => {
                let key = json!({"PartitionKey": key}).to_string();
                let key = HeaderValue::from_str(&key).expect("the key is fit for a header");
                request.body(text, EVENT_TYPE).header(BROKER_PROPERTIES, key)
            }
        }
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
