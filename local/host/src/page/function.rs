//! One function, and a form to invoke it with a sample.

use askama::Template;
use function_json::Trigger;
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::json;

use super::{
    Visit, answers::Refusal, apps::FunctionView, frame::Frame, invocations::InvocationRow,
};
use crate::{Function, platform::RunningApp};

/// A sample beside `function.json`; an example of what the function is for.
const SAMPLE: &str = "sample.json";

/// The largest sample that is read, in bytes.
const SAMPLE_MAX_BYTES: u64 = 64 << 10;

/// How many of its invocations are listed.
const INVOCATIONS_SHOWN: usize = 10;

#[derive(Template, Serialize)]
#[template(path = "function.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct FunctionPage {
    #[serde(skip)]
    frame: Frame,
    app: String,
    function: FunctionView,
    /// What the form for an invocation begins with.
    sample: Sample,
    invocations: Vec<InvocationRow>,
}

/// An input to try.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Sample {
    /// What may be chosen; empty for other triggers than HTTP.
    methods: Vec<String>,
    path: String,
    input: String,
    /// What the input has to be.
    hint: &'static str,
}

impl FunctionPage {
    pub(super) fn of(visit: &Visit, app: &str, name: &str) -> Result<Self, Refusal> {
        let platform = &visit.page.platform;
        let (running, function) = find(visit, app, name)?;
        let of_function = platform
            .journal
            .select(INVOCATIONS_SHOWN, None, |record| record.app == app && record.function == name);
        Ok(Self {
            frame: Frame::new(visit, format!("{app}/{name}"), "overview"),
            app: app.to_owned(),
            function: FunctionView::new(function, &running.app.host_json.route_prefix),
            sample: Sample::new(running, function),
            invocations: InvocationRow::all(&of_function),
        })
    }
}

/// A function by its app and name.
pub(super) fn find<'a>(
    visit: &'a Visit,
    app: &str,
    name: &str,
) -> Result<(&'a RunningApp, &'a Function), Refusal> {
    let running = visit.page.platform.app(app);
    let found = running.and_then(|running| Some((running, &**running.app.function(name)?)));
    found.ok_or_else(|| {
        Refusal::new(StatusCode::NOT_FOUND, format_args!("there is no function {app}/{name}"))
    })
}

impl Sample {
    fn new(running: &RunningApp, function: &Function) -> Self {
        let own = read(running, function);
        let prefix = &running.app.host_json.route_prefix;
        let (methods, path) = match &function.json.trigger {
            Trigger::Http(http) => {
                let any =
                    || vec![Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
                let methods: Vec<Method> =
                    http.methods.as_ref().map_or_else(any, |methods| methods.to_vec());
                let route = http.route.with_prefix(prefix);
                let path = route.map(|route| format!("/{}", route.as_str().trim_matches('/')));
                (methods.iter().map(ToString::to_string).collect(), path.unwrap_or_default())
            }
            _ => (Vec::new(), String::new()),
        };
        let (usual, hint) = usual(&function.json.trigger);
        Self { methods, path, input: own.unwrap_or(usual), hint }
    }
}

fn read(running: &RunningApp, function: &Function) -> Option<String> {
    let path = running.app.root.join(function.name.as_str()).join(SAMPLE);
    let length = std::fs::metadata(&path).ok()?.len();
    (length <= SAMPLE_MAX_BYTES).then(|| std::fs::read_to_string(path).ok()).flatten()
}

/// What fits the trigger, and what to say about it.
fn usual(trigger: &Trigger) -> (String, &'static str) {
    let indented = |value| serde_json::to_string_pretty(&value).unwrap_or_default();
    match trigger {
        Trigger::Http(_) => {
            (String::new(), "The request's body. Replace the parts in braces of the path.")
        }
        Trigger::Queue(_) => (indented(json!({ "id": "1" })), "The message's text."),
        Trigger::CosmosDb(_) => (
            indented(json!([{ "id": "1" }])),
            "A JSON array of documents, as the change feed brings them.",
        ),
        Trigger::Kafka(_) => (indented(json!({ "id": "1" })), "The record's value."),
        Trigger::EventHub(_) => (indented(json!({ "id": "1" })), "The event's body."),
        Trigger::Timer(_) => (String::new(), "A timer needs no input."),
        Trigger::Blob(blob) => {
            (blob.path.replace("{name}", "sample.txt"), "container/name of a blob that exists.")
        }
        Trigger::EventGrid(_) => {
            let event = json!({
                "specversion": "1.0", "id": "1", "type": "Sample", "source": "/local", "subject": "sample",
                "time": "2026-01-01T00:00:00Z", "data": {},
            });
            (indented(event), "An event, a JSON object.")
        }
    }
}
