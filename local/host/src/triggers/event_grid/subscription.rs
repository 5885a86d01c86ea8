use serde::Deserialize;
use serde_json::Value;

use super::DeadLetterContainer;

/// Deliveries of one event before it is given up, unless the subscription says otherwise; also the most there can be.
const MAX_DELIVERY_ATTEMPTS: u32 = 30;
/// Minutes after which an event is given up, unless the subscription says otherwise; also the most there can be.
const TIME_TO_LIVE_MINUTES: u32 = 1440;

/// Who gets which events, as `app.json` declares it under `eventSubscriptions`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subscription {
    /// The function that gets the events: one with an `eventGridTrigger`, or with a `blobTrigger`.
    pub function: String,
    /// What raises the events.
    pub source: SubscriptionSource,
    /// Only events of blobs in this container.
    pub container: String,
    /// Only events of these types.
    #[serde(default = "blob_created")]
    pub event_types: Vec<String>,
    /// The form of the events.
    #[serde(default)]
    pub schema: EventSchema,
    /// Deliveries before an event is given up, 1–30.
    #[serde(default = "max_delivery_attempts")]
    pub max_delivery_attempts: u32,
    /// Minutes before an event is given up, 1–1440.
    #[serde(default = "time_to_live_minutes")]
    pub time_to_live_minutes: u32,
    /// Where events go that were given up; without it they are dropped.
    #[serde(default)]
    pub dead_letter: Option<DeadLetterContainer>,
}

/// What raises events.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum SubscriptionSource {
    /// The blob service.
    Blob,
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

fn max_delivery_attempts() -> u32 {
    MAX_DELIVERY_ATTEMPTS
}

fn time_to_live_minutes() -> u32 {
    TIME_TO_LIVE_MINUTES
}

impl Subscription {
    /// Events of new blobs in a container, for one function, with Event Grid's defaults.
    pub fn blob_created(function: &str, container: &str) -> Self {
        Self {
            function: function.to_owned(),
            source: SubscriptionSource::Blob,
            container: container.to_owned(),
            event_types: blob_created(),
            schema: EventSchema::default(),
            max_delivery_attempts: MAX_DELIVERY_ATTEMPTS,
            time_to_live_minutes: TIME_TO_LIVE_MINUTES,
            dead_letter: None,
        }
    }

    /// Whether an event (in Event Grid's schema) is for this subscription.
    pub fn wants(&self, event: &Value) -> bool {
        let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
        let subject = format!("/blobServices/default/containers/{}/blobs/", self.container);
        self.event_types.iter().any(|wanted| wanted == text("eventType"))
            && text("subject").starts_with(&subject)
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
    fn events_are_chosen_by_type_and_container() {
        let subscription = Subscription::blob_created("f", "in");
        let event = |kind: &str, container: &str| json!({"eventType": kind, "subject": format!("/blobServices/default/containers/{container}/blobs/a.txt")});
        assert!(subscription.wants(&event("Microsoft.Storage.BlobCreated", "in")));
        assert!(!subscription.wants(&event("Microsoft.Storage.BlobDeleted", "in")));
        assert!(!subscription.wants(&event("Microsoft.Storage.BlobCreated", "into")));
    }
}
