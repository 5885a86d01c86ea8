//! What apps say of themselves: `app.json`.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{failure::Failure, schemas, workspace::Workspace};

/// The queue through which a consumer gets events once more, after its name.
const REPLAYS: &str = "-replays";

/// Where the functions of an app are, from its folder.
const FUNCTIONS: &str = "src/functions";

/// An app and its `app.json`.
pub(super) struct App {
    pub(super) name: String,
    pub(super) says: Value,
    /// The functions that hubs call, with their hubs.
    called: Vec<(String, String)>,
}

/// All of them, by name.
pub(super) fn read(workspace: &Workspace) -> Result<Vec<App>, Failure> {
    let folder = workspace.root().join("functions");
    let names = workspace.apps()?.into_iter();
    names
        .map(|name| {
            let says = json_of(&folder.join(&name).join("app.json"))?;
            let called = called(&folder.join(&name).join(FUNCTIONS))?;
            Ok(App { name, says, called })
        })
        .collect()
}

/// The functions below `folder` that hubs call, with their hubs.
fn called(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut called = Vec::new();
    for name in schemas::types::names(folder)? {
        let file = folder.join(&name).join("function.json");
        if !file.is_file() {
            continue;
        }
        let function = json_of(&file)?;
        let bindings = function["bindings"].as_array().into_iter().flatten();
        let hubs = bindings.filter(|binding| binding["type"] == "eventHubTrigger");
        let hubs = hubs.filter_map(|binding| binding["eventHubName"].as_str());
        called.extend(hubs.map(|hub| (name.clone(), hub.to_owned())));
    }
    Ok(called)
}

pub(super) fn json_of(path: &Path) -> Result<Value, Failure> {
    let text = fs::read(path).map_err(|source| Failure::file("reading", path, source))?;
    serde_json::from_slice(&text)
        .map_err(|source| Failure::Json { what: path.display().to_string(), source })
}

impl App {
    /// The objects in a list of `owns`.
    pub(super) fn owned(&self, list: &str) -> impl Iterator<Item = &Value> {
        self.says["owns"][list].as_array().into_iter().flatten()
    }

    pub(super) fn owns_type(&self, event_type: &str) -> bool {
        self.owned("eventTypes").any(|name| name == event_type)
    }

    /// Whether it does this with events of a type.
    pub(super) fn does(&self, event_type: &str, what: &str) -> bool {
        let uses = self.says["uses"]["eventTypes"][event_type].as_array();
        uses.into_iter().flatten().any(|usage| usage == what)
    }

    /// Its functions that the hub calls.
    fn called_by(&self, hub: &str) -> Vec<&str> {
        self.called.iter().filter(|(_, by)| by == hub).map(|(name, _)| name.as_str()).collect()
    }

    /// The group in which it reads a hub.
    pub(super) fn group(&self, hub: &str) -> Option<&str> {
        let group = self.owned("consumerGroups").find(|group| group["eventHub"] == hub)?;
        group["name"].as_str()
    }
}

/// Every hub, and who reads it.
pub(super) fn hubs(apps: &[App]) -> Vec<Value> {
    let mut hubs = Vec::new();
    for app in apps {
        for hub in app.owned("eventHubs") {
            let name = hub["name"].as_str().unwrap_or_default();
            let groups: Vec<Value> = apps
                .iter()
                .filter_map(|reader| {
                    let (group, functions) = (reader.group(name)?, reader.called_by(name));
                    Some(json!({ "name": group, "app": reader.name, "functions": functions }))
                })
                .collect();
            let team = if hub["team"].is_null() { &app.says["team"] } else { &hub["team"] };
            hubs.push(json!({
                "name": name, "app": app.name, "team": team, "partitions": hub["partitions"],
                "retentionHours": hub["retentionHours"], "groups": groups,
            }));
        }
    }
    hubs.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
    hubs
}

/// The apps that send or read one of these types.
pub(super) fn entries(apps: &[App], types: &[Value]) -> Vec<Value> {
    let takes_part = |app: &&App| {
        types
            .iter()
            .filter_map(|entry| entry["type"].as_str())
            .any(|name| app.does(name, "send") || app.does(name, "receive"))
    };
    let entry = |app: &App| {
        let replays = format!("{}{REPLAYS}", app.name);
        let people = app.says["people"].as_array().into_iter().flatten();
        let pages = people.filter_map(|one| one["page"].as_str());
        let dead_letters = pages.into_iter().find(|page| page.ends_with("/dead-letters"));
        json!({
            "name": app.name, "team": app.says["team"], "purpose": app.says["purpose"],
            "replays": app.owned("queues").any(|queue| *queue == replays),
            "deadLetters": dead_letters.map_or_else(|| format!("/{}/dead-letters", app.name), str::to_owned),
        })
    };
    apps.iter().filter(takes_part).map(entry).collect()
}
