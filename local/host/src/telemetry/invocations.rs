//! The host's own spans: each invocation of each trigger, by the semantic conventions for HTTP, messaging and functions.
//! What the handler tells of the same invocation lies within.

use std::sync::{Arc, LazyLock};

use function_json::Trigger;
use serde_json::json;

use super::model::{Attributes, Kind, Link, Origin, Span, Status};
use crate::{App, Function, InvocationRecord, Outcome};

/// What the host calls itself in telemetry.
const SERVICE: &str = "host";

/// What was invoked: only who invokes says so, the host.
pub(super) const INVOKED_NAME: &str = "faas.invoked_name";
/// Host and handler both say it.
pub(super) const INVOCATION_ID: &str = "faas.invocation_id";

/// The status from which an answer is a failure of the server.
const FAILURE_MIN: u16 = 500;

static ORIGIN: LazyLock<Arc<Origin>> = LazyLock::new(|| {
    let resource = Attributes::from_iter([
        ("service.name".to_owned(), json!(SERVICE)),
        ("service.version".to_owned(), json!(env!("CARGO_PKG_VERSION"))),
    ]);
    Arc::new(Origin { scope: "local-host".to_owned(), ..Origin::of(resource) })
});

/// The span of a finished invocation; `app` is the one that the record names.
pub(crate) fn span(record: &InvocationRecord, app: Option<&App>) -> Span {
    let function = app.and_then(|app| app.function(&record.function));
    let start_ns = u64::try_from(record.started_at.as_nanosecond()).unwrap_or_default();
    let duration_ns = u64::try_from(record.duration.as_nanos()).unwrap_or(u64::MAX);
    let (name, kind, mut attributes) = match record.trigger {
        "http" | "mock" => of_request(record, app, function),
        _ => of_trigger(record, function),
    };
    let general = [
        (INVOKED_NAME, json!(record.function)),
        (INVOCATION_ID, json!(record.id)),
        ("iommi.app", json!(record.app)),
    ];
    attributes.extend(general.map(|(name, value)| (name.to_owned(), value)));
    let link = |to: &_| Link { to: *to, attributes: Attributes::new() };
    Span {
        trace_id: record.trace.id(),
        id: record.trace.span(),
        parent_id: record.trace.parent(),
        origin: Arc::clone(&ORIGIN),
        name,
        kind,
        start_ns,
        end_ns: start_ns.saturating_add(duration_ns),
        attributes,
        status: status(record),
        events: Vec::new(),
        links: record.trace.links().iter().map(link).collect(),
    }
}

/// `GET /v1/things/{id}`: never the path, which has ids.
fn of_request(
    record: &InvocationRecord,
    app: Option<&App>,
    function: Option<&Arc<Function>>,
) -> (String, Kind, Attributes) {
    let method = record.about.split(' ').next().unwrap_or_default();
    let route = match (function.map(|function| &function.json.trigger), app) {
        (Some(Trigger::Http(http)), Some(app)) => {
            http.route.with_prefix(&app.host_json.route_prefix).ok()
        }
        _ => None,
    };
    let route = route.map(|route| format!("/{}", route.as_str().trim_matches('/')));
    let mut attributes = Attributes::from_iter([
        ("faas.trigger".to_owned(), json!("http")),
        ("http.request.method".to_owned(), json!(method)),
    ]);
    if let Some(route) = &route {
        attributes.insert("http.route".to_owned(), json!(route));
    }
    if let Some(status) = record.status {
        attributes.insert("http.response.status_code".to_owned(), json!(status));
    }
    let name = route.map_or_else(|| method.to_owned(), |route| format!("{method} {route}"));
    (name, Kind::Server, attributes)
}

/// `queue orders`, `timer poison_queues`: the trigger and what it waits for, or else the function.
fn of_trigger(
    record: &InvocationRecord,
    function: Option<&Arc<Function>>,
) -> (String, Kind, Attributes) {
    let trigger = function.map(|function| &function.json.trigger);
    let (faas, system, source) = match trigger {
        Some(Trigger::Queue(queue)) => {
            ("pubsub", "azure_queue_storage", Some(queue.queue_name.clone()))
        }
        Some(Trigger::EventHub(hub)) => ("pubsub", "eventhubs", Some(hub.event_hub_name.clone())),
        Some(Trigger::EventGrid(_)) => ("pubsub", "eventgrid", None),
        Some(Trigger::Kafka(kafka)) => ("pubsub", "kafka", Some(kafka.topic.clone())),
        Some(Trigger::CosmosDb(feed)) => ("datasource", "", Some(feed.container_name.clone())),
        Some(Trigger::Blob(_)) => ("datasource", "", None),
        Some(Trigger::Timer(_)) => ("timer", "", None),
        Some(Trigger::Http(_)) | None => ("other", "", None),
    };
    let mut attributes = Attributes::from_iter([("faas.trigger".to_owned(), json!(faas))]);
    let mut insert = |name: &str, value: &str| attributes.insert(name.to_owned(), json!(value));
    match (trigger, &source) {
        (Some(Trigger::CosmosDb(_)), Some(container)) => {
            insert("db.system.name", "azure.cosmosdb");
            insert("db.collection.name", container);
        }
        _ if !system.is_empty() => {
            insert("messaging.system", system);
            insert("messaging.operation.type", "process");
            if let Some(source) = &source {
                insert("messaging.destination.name", source);
            }
        }
        _ => {}
    }
    let kind =
        if matches!(faas, "pubsub" | "datasource") { Kind::Consumer } else { Kind::Internal };
    let about = source.unwrap_or_else(|| record.function.clone());
    (format!("{} {about}", record.trigger), kind, attributes)
}

fn status(record: &InvocationRecord) -> Status {
    match &record.outcome {
        Outcome::Failed(reason) => Status::Error(reason.clone()),
        Outcome::Answered if record.status.is_some_and(|status| status >= FAILURE_MIN) => {
            Status::Error(String::new())
        }
        Outcome::Answered | Outcome::Abandoned => Status::Unset,
    }
}
