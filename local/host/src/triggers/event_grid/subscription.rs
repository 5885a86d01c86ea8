use serde::Deserialize;
use serde_json::Value;

use super::{DeadLetterContainer, Origin};

/// Deliveries of one event before it is given up, unless the subscription says otherwise; also the most there can be.
const MAX_DELIVERY_ATTEMPTS: u32 = 30;
/// Minutes after which an event is given up, unless the subscription says otherwise; also the most there can be.
const TIME_TO_LIVE_MINUTES: u32 = 1440;

/// Who gets which events, as `app.json` declares it under `eventSubscriptions`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "Declared")]
pub struct Subscription {
    /// The function that gets the events: one with an `eventGridTrigger`, or with a `blobTrigger`.
    pub function: String,
    /// What raises the events.
    pub source: SubscriptionSource,
    /// Only events of these types; of a topic, none named means all.
    pub event_types: Vec<String>,
    /// The form of the events.
    pub schema: EventSchema,
    /// Deliveries before an event is given up, 1–30.
    pub max_delivery_attempts: u32,
    /// Minutes before an event is given up, 1–1440.
    pub time_to_live_minutes: u32,
    /// Where events go that were given up; without it they are dropped.
    pub dead_letter: Option<DeadLetterContainer>,
}

/// What raises events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionSource {
    /// The blob service: only events of blobs in this container.
    Blob {
        /// The container.
        container: String,
    },
    /// The capture of event hubs, whichever hub it is.
    Capture,
    /// Another service, which publishes to a topic of this name.
    Topic {
        /// The topic.
        topic: String,
    },
}

/// A subscription as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Declared {
    function: String,
    source: Kind,
    container: Option<String>,
    topic: Option<String>,
    event_types: Option<Vec<String>>,
    #[serde(default)]
    schema: EventSchema,
    #[serde(default = "max_delivery_attempts")]
    max_delivery_attempts: u32,
    #[serde(default = "time_to_live_minutes")]
    time_to_live_minutes: u32,
    dead_letter: Option<DeadLetterContainer>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Blob,
    Capture,
    Topic,
}

impl TryFrom<Declared> for Subscription {
    type Error = String;

    fn try_from(declared: Declared) -> Result<Self, String> {
        let Declared { function, source, container, topic, event_types, .. } = declared;
        let (source, all_types) = match (source, container, topic) {
            (Kind::Blob, Some(container), None) => {
                (SubscriptionSource::Blob { container }, blob_created())
            }
            (Kind::Capture, None, None) => (SubscriptionSource::Capture, capture_file_created()),
            (Kind::Topic, None, Some(topic)) => (SubscriptionSource::Topic { topic }, Vec::new()),
            (Kind::Blob, ..) => {
                return Err(format!("the subscription of {function} to blobs names a container"));
            }
            (Kind::Capture, ..) => {
                return Err(format!(
                    "the subscription of {function} to capture names neither container nor topic: it is told of the \
                     files of all hubs"
                ));
            }
            (Kind::Topic, ..) => {
                return Err(format!("the subscription of {function} to a topic names the topic"));
            }
        };
        Ok(Self {
            function,
            source,
            event_types: event_types.unwrap_or(all_types),
            schema: declared.schema,
            max_delivery_attempts: declared.max_delivery_attempts,
            time_to_live_minutes: declared.time_to_live_minutes,
            dead_letter: declared.dead_letter,
        })
    }
}

/// The form of an event.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub enum EventSchema {
    /// Event Grid's own.
    #[default]
    EventGridSchema,
    /// CloudEvents 1.0.
    #[serde(rename = "CloudEventSchemaV1_0")]
    CloudEvents,
}

fn blob_created() -> Vec<String> {
    vec!["Microsoft.Storage.BlobCreated".to_owned()]
}

fn capture_file_created() -> Vec<String> {
    vec!["Microsoft.EventHub.CaptureFileCreated".to_owned()]
}

fn max_delivery_attempts() -> u32 {
    MAX_DELIVERY_ATTEMPTS
}

fn time_to_live_minutes() -> u32 {
    TIME_TO_LIVE_MINUTES
}

impl Subscription {
    /// Events of new blobs in a container, for one function, with Event Grid's defaults.
    pub fn blob_created(function: &str, container: &str) -> Self {
        let source = SubscriptionSource::Blob { container: container.to_owned() };
        Self::with_defaults(function, source, blob_created())
    }

    /// Events of new capture files, for one function, with Event Grid's defaults.
    pub fn capture_file_created(function: &str) -> Self {
        Self::with_defaults(function, SubscriptionSource::Capture, capture_file_created())
    }

    /// All events of a topic, for one function, with Event Grid's defaults.
    pub fn topic(function: &str, topic: &str) -> Self {
        let source = SubscriptionSource::Topic { topic: topic.to_owned() };
        Self::with_defaults(function, source, Vec::new())
    }

    fn with_defaults(function: &str, source: SubscriptionSource, event_types: Vec<String>) -> Self {
        Self {
            function: function.to_owned(),
            source,
            event_types,
            schema: EventSchema::default(),
            max_delivery_attempts: MAX_DELIVERY_ATTEMPTS,
            time_to_live_minutes: TIME_TO_LIVE_MINUTES,
            dead_letter: None,
        }
    }

    /// Whether an event (in Event Grid's schema) of such a source is for this subscription.
    pub fn wants(&self, from: &Origin, event: &Value) -> bool {
        let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
        let is_from_there = match (&self.source, from) {
            (SubscriptionSource::Blob { container }, Origin::Blobs) => {
                let subject = format!("/blobServices/default/containers/{container}/blobs/");
                text("subject").starts_with(&subject)
            }
            (SubscriptionSource::Capture, Origin::Captures) => true,
            (SubscriptionSource::Topic { topic }, Origin::Topic(published)) => topic == published,
            _ => false,
        };
        let types = &self.event_types;
        is_from_there && (types.is_empty() || types.iter().any(|one| one == text("eventType")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_short_form_has_event_grids_defaults() {
        let short = json!({"function": "uploaded", "source": "blob", "container": "uploads",
            "eventTypes": ["Microsoft.Storage.BlobCreated"]});
        let read: Subscription = serde_json::from_value(short).unwrap();
        assert_eq!(read, Subscription::blob_created("uploaded", "uploads"));
    }

    #[test]
    fn everything_can_be_said_and_nothing_unknown() {
        let long = json!({"function": "f", "source": "blob", "container": "c", "schema": "CloudEventSchemaV1_0",
            "maxDeliveryAttempts": 2, "timeToLiveMinutes": 5, "deadLetter": {"container": "dead"}});
        let read: Subscription = serde_json::from_value(long).unwrap();
        assert_eq!(
            (read.schema, read.max_delivery_attempts, read.time_to_live_minutes),
            (EventSchema::CloudEvents, 2, 5)
        );
        let unknown = json!({"function": "f", "source": "blob", "container": "c", "retries": 1});
        assert!(
            serde_json::from_value::<Subscription>(unknown)
                .unwrap_err()
                .to_string()
                .contains("retries")
        );
    }

    #[test]
    fn a_topic_is_named_instead_of_a_container() {
        let read = |text: Value| serde_json::from_value::<Subscription>(text);
        let all = json!({"function": "reported", "source": "topic", "topic": "communication"});
        assert_eq!(read(all).unwrap(), Subscription::topic("reported", "communication"));
        for wrong in [
            json!({"function": "f", "source": "topic"}),
            json!({"function": "f", "source": "topic", "topic": "t", "container": "c"}),
            json!({"function": "f", "source": "blob", "topic": "t"}),
        ] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains("the subscription of f"), "{error}");
        }
    }

    #[test]
    fn capture_is_of_all_hubs_and_names_nothing_else() {
        let read = |text: Value| serde_json::from_value::<Subscription>(text);
        let short = json!({"function": "captured", "source": "capture"});
        let subscription = read(short).unwrap();
        assert_eq!(subscription, Subscription::capture_file_created("captured"));
        let wrong = json!({"function": "captured", "source": "capture", "container": "c"});
        assert!(read(wrong).unwrap_err().to_string().contains("the subscription of captured"));
        let event = json!({"eventType": "Microsoft.EventHub.CaptureFileCreated", "subject": "eventhubs/account"});
        assert!(subscription.wants(&Origin::Captures, &event));
        assert!(!subscription.wants(&Origin::Blobs, &event));
    }

    #[test]
    fn events_are_chosen_by_type_and_container() {
        let subscription = Subscription::blob_created("f", "in");
        let event = |kind: &str, container: &str| json!({"eventType": kind, "subject": format!("/blobServices/default/containers/{container}/blobs/a.txt")});
        let wants = |event: &Value| subscription.wants(&Origin::Blobs, event);
        assert!(wants(&event("Microsoft.Storage.BlobCreated", "in")));
        assert!(!wants(&event("Microsoft.Storage.BlobDeleted", "in")));
        assert!(!wants(&event("Microsoft.Storage.BlobCreated", "into")));
        let published = event("Microsoft.Storage.BlobCreated", "in");
        assert!(!subscription.wants(&Origin::Topic("in".to_owned()), &published));
    }

    #[test]
    fn events_of_a_topic_are_chosen_by_its_name_and_by_type_where_one_is_named() {
        let event = json!({"eventType": "Sample.Done", "subject": "s"});
        let from = |topic: &str| Origin::Topic(topic.to_owned());
        let all = Subscription::topic("f", "samples");
        assert!(all.wants(&from("samples"), &event) && !all.wants(&from("others"), &event));
        assert!(!all.wants(&Origin::Blobs, &event));
        let some = Subscription { event_types: vec!["Sample.Begun".to_owned()], ..all };
        assert!(!some.wants(&from("samples"), &event));
    }
}
