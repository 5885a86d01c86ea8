//! Events of one key on their way to a topic of Kafka.

use crate::destination::Destination;
use crate::hub_requests::{MAX_BODY_BYTES, Outgoing};
use crate::kafka_requests::{became, record, verdict};
use crate::not_published::{NotPublished, judged};
use outgoing::{Client, HeaderName, HeaderValue, Limits, Request, ServiceUrl, StatusCode, Url};

const AUTHORIZATION: HeaderName = HeaderName::from_static("authorization");

/// A topic of a cluster, over the cluster's REST interface.
#[derive(Debug)]
pub(crate) struct KafkaTransport {
    to: Destination,
    url: Url,
    authorization: HeaderValue,
    client: Client,
}

impl KafkaTransport {
    pub(crate) fn new(
        topic: &'static str,
        cluster: &ServiceUrl,
        authorization: HeaderValue,
        limits: Limits,
    ) -> Self {
        let to = Destination::KafkaTopic(topic);
        let url = cluster.at(&format!("topics/{topic}/records"));
        Self { to, url, authorization, client: Client::new(to.to_string(), limits) }
    }

    pub(crate) fn to(&self) -> Destination {
        self.to
    }

    /// One record a request, one after the other: of several in one request a later one may be kept although an earlier one
    /// was not, and a subject's events would lose their order.
    pub(crate) async fn publish(&self, key: &str, events: &[Outgoing]) -> Result<(), NotPublished> {
        let to = self.to;
        if let Some(event) = events.iter().find(|event| event.text.len() > MAX_BODY_BYTES) {
            let (kind, bytes) = (event.r#type.clone(), event.text.len());
            return Err(NotPublished::TooLarge { to, kind, bytes });
        }
        for event in events {
            let answer = self.client.call(&self.request(key, event)).await;
            let answer = answer.map_err(|cause| NotPublished::Unanswered { to, cause })?;
            let status = became(&answer).ok_or(NotPublished::Unreported { to })?;
            judged(to, status, remedy)?;
        }
        Ok(())
    }

    /// Repeatable, since the events have ids by which they are known again.
    fn request(&self, key: &str, event: &Outgoing) -> Request {
        Request::post(self.url.clone())
            .repeatable()
            .judged_by(verdict)
            .body(record(key, &event.text), "application/json")
            .header(AUTHORIZATION, self.authorization.clone())
    }
}

fn remedy(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "KAFKA_API_KEY or its secret is not right",
        StatusCode::FORBIDDEN => "the owner of KAFKA_API_KEY must be allowed to write to it",
        StatusCode::NOT_FOUND => {
            "the cluster has no such topic, or EVENTS_ENDPOINT names another cluster"
        }
        StatusCode::PAYLOAD_TOO_LARGE => "an event is too large for it",
        _ => "it does not take what we send",
    }
}
