//! An application that says what it is: its functions, its settings, its problems and what it uses.

mod bindings;
mod description;

use std::collections::BTreeMap;
use std::error::Error;

use function_json::Trigger;
use serde::Serialize;
use serde_json::Value;

use crate::handler::Handler;
use crate::problem::ProblemKind;
use crate::server::{Kind, Role, Served, Server};
use crate::settings::{DescribedSetting, Settings};

pub use description::Description;

/// Makes an application from [`Settings::describing`] and describes it: what
/// [`run`](crate::run) prints for `--describe`, JSON indented by two spaces.
///
/// ```json
/// { "functions": [ { "name", "trigger": "http|queue|cosmosDB|eventGrid|eventHub|timer|blob",
///                    "bindings": [as in function.json], "methods": ["get"], "route", "unmatched": true } ],
///   "settings": [ { "name", "purpose", "example", "required": true, "default": null } ],
///   "problems": [ { "kind": "not-found", "status": 404, "title" } ],
///   "containers": [ { "database", "name", "uses": ["read", "write", "feed", "leases"] } ],
///   "queues": [ { "name", "uses": ["send", "length", "trigger"] } ],
///   "blobContainers": [ { "name", "uses": ["read", "write", "sign", "trigger"] } ],
///   "eventTypes": [ { "type", "uses": ["send", "receive"] } ],
///   "eventHubs": [ { "name", "uses": ["send", "trigger"] } ] }
/// ```
///
/// `eventHubs` is there if there are any, as is whatever else is noted.
/// `methods` and `route` are those of HTTP functions (no `methods`: all), `unmatched` that of
/// functions for what no other takes. What bindings use is known from them; what clients use they
/// tell through [`Settings::description`]. Settings without a default have `null` there.
///
/// An application's test that calls this finds examples that do not parse.
///
/// # Errors
/// The application cannot be made from its examples, or its functions and their `function.json`
/// do not go together.
pub fn describe<A, F, E>(make: F) -> Result<String, Box<dyn Error + Send + Sync>>
where
    A: Sync + 'static,
    F: FnOnce(&Settings) -> Result<Handler<A>, E>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    describe_with(&Settings::describing(), make)
}

pub(crate) fn describe_with<A, F, E>(
    settings: &Settings,
    make: F,
) -> Result<String, Box<dyn Error + Send + Sync>>
where
    A: Sync + 'static,
    F: FnOnce(&Settings) -> Result<Handler<A>, E>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let server = make(settings).map_err(Into::into)?.build()?;
    settings.check()?;
    Ok(serde_json::to_string_pretty(&Document::of(&server, settings))?)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    functions: Vec<DescribedFunction<'a>>,
    settings: Vec<DescribedSetting>,
    problems: Vec<DescribedProblem>,
    containers: Value,
    queues: Value,
    blob_containers: Value,
    event_types: Value,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

impl<'a> Document<'a> {
    fn of(server: &'a Server, settings: &Settings) -> Self {
        let mut members = members(server, settings);
        let mut take =
            |name: &str| members.remove(name).unwrap_or_else(|| Value::Array(Vec::new()));
        Self {
            functions: server.served().iter().map(DescribedFunction::of).collect(),
            settings: settings.described(),
            problems: server.problems().iter().map(DescribedProblem::of).collect(),
            containers: take("containers"),
            queues: take("queues"),
            blob_containers: take("blobContainers"),
            event_types: take("eventTypes"),
            others: members,
        }
    }
}

/// What clients, bindings and the handler itself say, by member; a list said by several is one.
fn members(server: &Server, settings: &Settings) -> BTreeMap<String, Value> {
    let mut members = BTreeMap::new();
    for (member, entry) in settings.description().noted() {
        add(&mut members, &member, entry);
    }
    for function in server.served() {
        for (member, entry) in bindings::uses(&function.function_json) {
            add(&mut members, member, entry);
        }
    }
    for (member, value) in server.described() {
        match value.as_array() {
            Some(entries) => {
                for entry in entries {
                    add(&mut members, member, entry.clone());
                }
            }
            None => {
                members.insert(member.clone(), value.clone());
            }
        }
    }
    members
}

fn add(members: &mut BTreeMap<String, Value>, member: &str, entry: Value) {
    let known = members.entry(member.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(list) = known {
        description::merge(list, entry);
    }
}

#[derive(Serialize)]
struct DescribedFunction<'a> {
    name: &'a str,
    trigger: &'a str,
    /// As they are in function.json.
    bindings: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unmatched: bool,
}

impl<'a> DescribedFunction<'a> {
    fn of(served: &'a Served) -> Self {
        let trigger = &served.function_json.trigger;
        let http = match trigger {
            Trigger::Http(http) => Some(http),
            _ => None,
        };
        let methods = http.and_then(|http| http.methods.as_ref());
        Self {
            name: served.function.name(),
            trigger: trigger.kind().trim_end_matches("Trigger"),
            bindings: bindings_of(served.function.function_json()),
            methods: methods.map(|listed| {
                listed.iter().map(|method| method.as_str().to_ascii_lowercase()).collect()
            }),
            route: http.map(|http| http.route.as_str()),
            unmatched: matches!(&served.kind, Kind::Http { role, .. } if *role != Role::Ordinary),
        }
    }
}

fn bindings_of(function_json: &str) -> Value {
    let text = function_json.trim_start_matches('\u{feff}');
    serde_json::from_str::<Value>(text).map_or(Value::Null, |mut json| json["bindings"].take())
}

#[derive(Serialize)]
struct DescribedProblem {
    kind: &'static str,
    status: u16,
    title: &'static str,
}

impl DescribedProblem {
    fn of(kind: &ProblemKind) -> Self {
        Self { kind: kind.slug, status: kind.status.code().as_u16(), title: kind.title }
    }
}
