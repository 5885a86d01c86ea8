//! Events of one key on their way to an event hub.
//! <https://learn.microsoft.com/rest/api/eventhub/event-hubs-runtime-rest>

use crate::destination::Destination;
use crate::hub_requests::{BATCH_TYPE, Body, EVENT_TYPE, Outgoing, bodies};
use crate::namespace::Namespace;
use crate::not_published::{NotPublished, judged};
use azure_data::Identity;
use outgoing::{Client, HeaderName, HeaderValue, Limits, Request, StatusCode, Url};
use serde_json::json;
use std::sync::Arc;

/// What tokens for event hubs are for.
const SCOPE: &str = "https://eventhubs.azure.net/.default";
const BROKER_PROPERTIES: HeaderName = HeaderName::from_static("brokerproperties");

/// An event hub over HTTPS.
#[derive(Debug)]
pub(crate) struct EventHubTransport {
    to: Destination,
    url: Url,
    client: Client,
}

impl EventHubTransport {
    pub(crate) fn new(hub: &'static str, Namespace(namespace): &Namespace, limits: Limits) -> Self {
        let to = Destination::EventHub(hub);
        let identity = Arc::new(Identity::new(namespace.url().clone(), SCOPE));
        let client = Client::new(to.to_string(), limits).with_bearer(move || {
            let identity = Arc::clone(&identity);
            async move { identity.bearer().await }
        });
        Self { to, url: namespace.at(&format!("{hub}/messages")), client }
    }

    pub(crate) fn to(&self) -> Destination {
        self.to
    }

    /// In as few requests as the hub's limit allows, one after the other.
    pub(crate) async fn publish(&self, key: &str, events: &[Outgoing]) -> Result<(), NotPublished> {
        let to = self.to;
        let bodies = bodies(key, events).map_err(|event| NotPublished::TooLarge {
            to,
            kind: event.r#type,
            bytes: event.text.len(),
        })?;
        for body in bodies {
            let answer = self.client.call(&self.request(key, body)).await;
            let answer = answer.map_err(|cause| NotPublished::Unanswered { to, cause })?;
            judged(to, answer.status(), remedy)?;
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
