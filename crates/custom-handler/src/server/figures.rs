//! The figures of every call.

use std::time::Duration;

use http::StatusCode;

use super::call::Call;
use super::spans;
use super::work::{MessageWork, Source, Work};
use crate::instruments;
use crate::metric::Metric;
use crate::now::now;

/// Requests have a line each, which says how long they took.
const REQUESTS: Metric = Metric::histogram(
    "http.server.request.duration",
    "s",
    "from the head of a request to its answer",
)
.without_line();
const MESSAGES: Metric = Metric::histogram(
    "messaging.process.duration",
    "s",
    "from the arrival of a message or a batch until it was dealt with",
)
.without_line();
/// What is neither a request nor a message: a timer, a change feed, a blob.
const OTHERS: Metric =
    Metric::histogram("faas.invoke_duration", "s", "from the host's call to its answer")
        .without_line();
const ERRORS: Metric =
    Metric::counter("faas.errors", "{error}", "invocations that failed on our side").without_line();
const COLD_STARTS: Metric = Metric::counter(
    "faas.coldstarts",
    "{coldstart}",
    "processes that were called for the first time",
);
const AGE: Metric = Metric::histogram(
    "faas.message.age",
    "s",
    "from when the oldest message was put into its queue or hub to the start of its work",
);
const LAG: Metric = Metric::histogram(
    "faas.feed.lag",
    "s",
    "from when the newest document of a batch was written to the start of its work",
);

pub(super) fn cold_start() {
    COLD_STARTS.add(1, &[]);
}

/// How long what begins now has waited.
pub(super) fn waited(call: &Call, work: &MessageWork) {
    let Some(since) = work.since else { return };
    // A clock that is behind the sender's makes no time negative.
    let waited = now().duration_since(since).as_secs_f64().max(0.0);
    match &work.source {
        Source::Messaging { destination, .. } => {
            AGE.record(waited, &[("destination", destination.clone().into())]);
        }
        Source::ChangeFeed { container, .. } => {
            let labels =
                [("container", container.clone().into()), ("function", call.function.into())];
            LAG.record(waited, &labels);
        }
        Source::Other => {}
    }
}

/// A request was answered.
pub(super) fn answered(call: &Call, status: StatusCode, problem: Option<&str>) {
    let Work::Http { method, route } = &call.work else { return };
    if !instruments::are_there() {
        return;
    }
    let mut labels = vec![
        ("http.request.method", spans::method(method).into()),
        ("http.response.status_code", status.as_u16().into()),
    ];
    if !route.is_empty() {
        labels.push(("http.route", spans::route(route).into()));
    }
    if let Some(problem) = problem {
        labels.push(("error.type", problem.to_owned().into()));
    }
    REQUESTS.record(seconds(call.started.elapsed()), &labels);
    if status.is_server_error() {
        ERRORS.add(1, &[("faas.name", call.function.into())]);
    }
}

/// A message was dealt with, or not.
pub(super) fn ended(call: &Call, outcome: &'static str) {
    let Work::Message(work) = &call.work else { return };
    if !instruments::are_there() {
        return;
    }
    let took = seconds(call.started.elapsed());
    match &work.source {
        Source::Messaging { system, destination } => MESSAGES.record(
            took,
            &[
                ("messaging.system", (*system).into()),
                ("messaging.destination.name", destination.clone().into()),
                ("outcome", outcome.into()),
            ],
        ),
        _ => OTHERS.record(
            took,
            &[
                ("faas.name", call.function.into()),
                ("faas.trigger", work.trigger.into()),
                ("outcome", outcome.into()),
            ],
        ),
    }
    if outcome != "done" {
        ERRORS.add(1, &[("faas.name", call.function.into())]);
    }
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
