//! `/runtime/webhooks/EventGrid?functionName=<Function>`. Source: `HttpRequestProcessor.cs` of the Event Grid extension.

use function_json::{Cardinality, Trigger};
use futures::future::join_all;
use http::{HeaderMap, Method};
use serde_json::Value;

use super::{Judged, judge};
use crate::{
    envelope::event_grid::{event, events},
    query,
    triggers::{Delivered, Event, Runner, Target},
};

/// A request to a webhook of the host, read whole.
#[derive(Clone, Copy, Debug)]
pub struct WebhookRequest<'a> {
    /// The method.
    pub method: &'a Method,
    /// The query, without its question mark.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
}

/// The answer of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookReply {
    /// HTTP status.
    pub status: u16,
    /// Headers; lengths are the server's business.
    pub headers: Vec<(&'static str, String)>,
    /// The body, often empty.
    pub body: String,
}

impl WebhookReply {
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn text(status: u16, body: String) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", "text/plain; charset=utf-8".to_owned())],
            body,
        }
    }
}

impl WebhookRequest<'_> {
    /// A parameter of the query, decoded; its name ignores case.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        query::parameter(self.query, name)
    }
}

/// Answers a request to the Event Grid webhook of one app. Events of a request run in parallel; when one fails the
/// answer is 500, and Event Grid delivers **all** of them again.
pub async fn webhook(
    runner: &Runner,
    functions: &[Target],
    request: WebhookRequest<'_>,
) -> WebhookReply {
    let name = request.parameter("functionName").unwrap_or_default();
    let found = functions.iter().find(|target| target.name == name);
    let Some((target, cardinality)) = found.and_then(|target| Some((target, cardinality(target)?)))
    else {
        return WebhookReply::text(404, format!("cannot find function: '{name}'"));
    };
    let received = match judge(&request) {
        Judged::Answer(reply) => return reply,
        Judged::Events(received) => received,
    };
    let deliveries: Vec<Event> = match cardinality {
        Cardinality::One => received.iter().map(|one| single(target, one)).collect(),
        Cardinality::Many => vec![batch(target, &received)],
    };
    let outcomes =
        join_all(deliveries.iter().map(|delivery| runner.deliver(target, delivery))).await;
    let failure = outcomes.into_iter().find_map(|outcome| match outcome {
        Delivered::Succeeded(_) => None,
        Delivered::Failed(reason) => Some(reason),
        Delivered::Stopped => Some("the host is stopping".to_owned()),
    });
    failure.map_or(WebhookReply::empty(202), |reason| WebhookReply::text(500, reason))
}

fn cardinality(target: &Target) -> Option<Cardinality> {
    match &target.json.trigger {
        Trigger::EventGrid(trigger) => Some(trigger.cardinality),
        _ => None,
    }
}

fn single(target: &Target, received: &Value) -> Event {
    let id = received.get("id").and_then(Value::as_str).unwrap_or("without id");
    Event {
        trigger: "eventGrid",
        about: id.to_owned(),
        envelope: event(&target.json.trigger_name, received),
    }
}

fn batch(target: &Target, received: &[Value]) -> Event {
    let about = format!("{} events", received.len());
    Event { trigger: "eventGrid", about, envelope: events(&target.json.trigger_name, received) }
}
