//! The event hubs around the app, over their REST protocol: a test plays the other side.

use local_data::{HubEvent, NEXT_SEQUENCE_NUMBER, Position};
use serde_json::{Value, json};

use crate::Platform;

/// Events of one answer.
const PAGE: usize = 1_000;

/// An event hub, whose events are CloudEvents in structured JSON.
#[derive(Debug, Clone)]
pub struct Hub<'a> {
    platform: &'a Platform,
    name: String,
}

impl Platform {
    /// An event hub of any app.
    #[must_use]
    pub fn hub(&self, name: &str) -> Hub<'_> {
        Hub { platform: self, name: name.to_owned() }
    }
}

impl Hub<'_> {
    /// Publishes an event, keyed by its subject.
    pub async fn publish(&self, event: &Value) {
        self.publish_text(event["subject"].as_str().unwrap(), &event.to_string()).await;
    }

    /// Publishes whatever it is.
    pub async fn publish_text(&self, key: &str, text: &str) {
        let url = format!("{}{}/messages", self.platform.host().event_hubs_url(), self.name);
        let request = self.platform.http().post(url).bearer_auth("loopback");
        let key = json!({ "PartitionKey": key }).to_string();
        let answer = request.header("brokerproperties", key).body(text.to_owned()).send().await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 201, "publishing to {}: {answer:?}", self.name);
    }

    /// All that was published, partition after partition, each in its order; what is no JSON is null.
    pub async fn events(&self) -> Vec<Value> {
        let host = self.platform.host();
        let events = read(self.platform.http(), host.event_hubs_url(), &self.name).await;
        events.unwrap_or_else(|| panic!("the event hub {} cannot be read", self.name))
    }

    /// The events of this subject, in their order.
    pub async fn events_about(&self, subject: &str) -> Vec<Value> {
        let events = self.events().await;
        events.into_iter().filter(|event| event["subject"] == subject).collect()
    }
}

/// All events of a hub, partition after partition, each in its order; what is no JSON is null. None if the hub cannot be read
/// now. `service` ends in a slash.
pub(crate) async fn read(http: &reqwest::Client, service: &str, hub: &str) -> Option<Vec<Value>> {
    let hub = format!("{service}$local/eventhubs/{hub}");
    let about = http.get(&hub).send().await.ok()?.error_for_status().ok()?;
    let about: Value = serde_json::from_slice(&about.bytes().await.ok()?).ok()?;
    let mut events = Vec::new();
    for partition in 0..about["partitions"].as_array()?.len() {
        let mut from = Position::Start;
        loop {
            let url = format!(
                "{hub}/consumergroups/$Default/partitions/{partition}/events?from={from}&max={PAGE}"
            );
            let answer = http.get(url).send().await.ok()?.error_for_status().ok()?;
            let next = answer.headers().get(NEXT_SEQUENCE_NUMBER)?.to_str().ok()?.parse().ok()?;
            let page = HubEvent::read_all(answer.bytes().await.ok()?).ok()?;
            if page.is_empty() {
                break;
            }
            let json = |event: &HubEvent| serde_json::from_slice(&event.body).unwrap_or_default();
            events.extend(page.iter().map(json));
            from = Position::Sequence(next);
        }
    }
    Some(events)
}
