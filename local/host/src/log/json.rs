//! Log lines for programs: one JSON object each, always with `time`, `level`, `app` and `message`.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{HOST, Level};
use crate::{
    endpoints::Endpoints,
    journal::{InvocationRecord, Outcome},
    keys::Keys,
};

pub(super) fn started(endpoints: &Endpoints, keys: Option<&Keys>) -> String {
    let mut object = json!({
        "time": now(), "level": "info", "app": HOST, "message": "started", "url": endpoints.gateway,
        "cosmosUrl": endpoints.cosmos, "blobUrl": endpoints.blob, "queueUrl": endpoints.queue,
        "eventHubsUrl": endpoints.event_hubs, "otlpUrl": endpoints.otlp,
    });
    let simulators: Map<String, Value> =
        endpoints.simulators.iter().map(|at| (at.name.clone(), at.url().into())).collect();
    if !simulators.is_empty() {
        object["simulatorUrls"] = simulators.into();
    }
    if let Some(Keys { master, host, system }) = keys {
        object["masterKey"] = master.as_str().into();
        object["functionKey"] = host.as_str().into();
        object["systemKey"] = system.as_str().into();
    }
    object.to_string()
}

pub(super) fn message(level: Level, source: &str, message: &str) -> String {
    json!({ "time": now(), "level": level.name(), "app": source, "message": message }).to_string()
}

/// A handler's own JSON line, with the app's name added.
pub(super) fn passed_through(app: &str, mut object: Map<String, Value>) -> String {
    object.insert("app".to_owned(), app.into());
    Value::Object(object).to_string()
}

pub(super) fn invocation_log(app: &str, function: &str, id: Uuid, line: &str) -> String {
    json!({
        "time": now(), "level": "info", "app": app, "function": function, "invocationId": id, "message": line,
    })
    .to_string()
}

pub(super) fn invocation(record: &InvocationRecord) -> String {
    let (level, ended, reason) = match &record.outcome {
        Outcome::Answered => (Level::Info, "answered", None),
        Outcome::Failed(reason) => (Level::Error, "failed", Some(reason)),
        Outcome::Abandoned => (Level::Info, "abandoned", None),
    };
    let mut object = json!({
        "time": now(),
        "level": level.name(),
        "app": record.app,
        "message": record.about,
        "function": record.function,
        "trigger": record.trigger,
        "status": record.status,
        "outcome": ended,
        "durationMs": record.duration.as_secs_f64() * 1_000.0,
        "invocationId": record.id,
        "traceId": record.trace_id,
    });
    if let Some(reason) = reason {
        object["reason"] = reason.as_str().into();
    }
    object.to_string()
}

fn now() -> String {
    format!("{:.3}", Timestamp::now())
}
