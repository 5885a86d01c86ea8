//! Names have owners: what an app's `app.json` says is its own is nobody else's, and bears the app's name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Project;

/// What begins every type of event of ours.
const OUR_EVENTS: &str = "com.iommi.";
/// Where a queue's messages go that fail again and again; made with the queue.
const POISON: &str = "-poison";

/// An app and its `app.json`.
struct Owner<'a> {
    name: &'a str,
    file: &'a str,
    says: Value,
}

impl Owner<'_> {
    /// The names in a list of `owns`, which holds texts or objects with a `name`.
    fn owned(&self, list: &str) -> Vec<String> {
        let entries = self.says["owns"][list].as_array().into_iter().flatten();
        let name =
            |entry: &Value| entry.as_str().or_else(|| entry["name"].as_str()).map(str::to_owned);
        entries.filter_map(name).collect()
    }

    /// The members of an object in `uses`, and how each is used.
    fn used(&self, object: &str) -> Vec<(String, Vec<String>)> {
        let entries = self.says["uses"][object].as_object().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        entries
            .map(|(name, uses)| {
                (name.clone(), uses.as_array().into_iter().flatten().map(text).collect())
            })
            .collect()
    }

    /// `photos` may say `photo-uploads`.
    fn may_call(&self, name: &str) -> bool {
        let singular = self.name.strip_suffix('s').unwrap_or(self.name);
        [self.name, singular].iter().any(|start| {
            name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    }
}

fn owners(project: &Project) -> Vec<Owner<'_>> {
    let files = project.below("functions").filter(|file| file.name() == "app.json");
    files
        .filter_map(|file| {
            let name = file.path.split('/').nth(1)?;
            let says = serde_json::from_str(&file.text).unwrap_or_default();
            Some(Owner { name, file: &file.path, says })
        })
        .collect()
}

/// Apps without a readable `app.json`.
#[must_use]
pub fn apps_without_app_json(project: &Project) -> Vec<String> {
    let readable = |app: &&str| {
        let text = project.text(&format!("functions/{app}/app.json")).unwrap_or_default();
        serde_json::from_str::<Value>(text).is_ok_and(|says| says.is_object())
    };
    let without = project.apps().into_iter().filter(|app| !readable(app));
    without
        .map(|app| format!("functions/{app}/app.json: there is none, or it is no JSON object"))
        .collect()
}

/// Queues, blob containers, event hubs and types of events that two apps say are theirs.
#[must_use]
pub fn names_of_two(project: &Project) -> Vec<String> {
    let owners = owners(project);
    let mut found = Vec::new();
    for (list, what) in [
        ("queues", "queue"),
        ("blobContainers", "blob container"),
        ("eventHubs", "event hub"),
        ("eventTypes", "event type"),
    ] {
        let mut first: BTreeMap<String, &str> = BTreeMap::new();
        for owner in &owners {
            for name in owner.owned(list) {
                if let Some(other) = first.insert(name.clone(), owner.file) {
                    found.push(format!(
                        "{other} and {} both own the {what} `{name}`: one of them owns it, and the other says in \
                         `uses` what it does with it",
                        owner.file
                    ));
                }
            }
        }
    }
    found
}

/// Names that do not say whose they are.
#[must_use]
pub fn names_of_nobody(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for owner in owners(project) {
        let (app, file) = (owner.name, owner.file);
        for (list, what) in [("queues", "queue"), ("blobContainers", "blob container")] {
            for name in owner.owned(list).iter().filter(|name| !owner.may_call(name)) {
                found.push(format!(
                    "{file}: the {what} `{name}` does not say whose it is: call it `{app}-{name}`"
                ));
            }
        }
        let start = format!("{OUR_EVENTS}{app}.");
        for name in owner.owned("eventTypes").iter().filter(|name| !name.starts_with(&start)) {
            found.push(format!("{file}: the event type `{name}` does not begin with `{start}`"));
        }
    }
    found
}

/// What is used and belongs to nobody.
#[must_use]
pub fn used_and_owned_by_nobody(project: &Project) -> Vec<String> {
    let owners = owners(project);
    let all = |list: &str| -> BTreeSet<String> {
        owners.iter().flat_map(|owner| owner.owned(list)).collect()
    };
    let (queues, types) = (all("queues"), all("eventTypes"));
    let mut found = Vec::new();
    for owner in &owners {
        let file = owner.file;
        for (name, _) in owner.used("queues") {
            let queue = name.strip_suffix(POISON).unwrap_or(&name);
            if !queues.contains(queue) {
                found.push(format!(
                    "{file}: it uses the queue `{queue}`, which no app owns: name it under owns.queues of one"
                ));
            }
        }
        for (name, uses) in owner.used("eventTypes") {
            let sends = uses.iter().any(|usage| usage == "send");
            let of_an_app = owners
                .iter()
                .any(|other| name.starts_with(&format!("{OUR_EVENTS}{}.", other.name)));
            if sends && !owner.owned("eventTypes").contains(&name) {
                found.push(format!(
                    "{file}: it sends events of the type `{name}`, which it does not own: an event is a fact that its \
                     owner tells"
                ));
            } else if of_an_app && !types.contains(&name) {
                found.push(format!(
                    "{file}: it receives events of the type `{name}`, which no app sends"
                ));
            }
        }
        for (path, _) in owner.used("containers") {
            let (database, container) = path.split_once('/').unwrap_or((&path, ""));
            let theirs = owners.iter().find(|other| other.name == database);
            if !theirs.is_some_and(|other| other.owned("containers").iter().any(|c| c == container))
            {
                found.push(format!(
                    "{file}: it uses the container `{path}`, which no app of the name `{database}` owns"
                ));
            }
        }
        let callers = owner.says["calledBy"].as_array().into_iter().flatten();
        for caller in callers.filter_map(Value::as_str) {
            if owners.iter().all(|other| other.name != caller) {
                found.push(format!("{file}: calledBy names `{caller}`, which is no app"));
            }
        }
    }
    found
}

/// Types of events that no schema of their owner describes, or several schemas do.
#[must_use]
pub fn event_types_without_one_schema(project: &Project) -> Vec<String> {
    let schemas: Vec<(&str, Value)> = project
        .below("functions")
        .filter(|file| file.path.ends_with(".schema.json"))
        .map(|file| (file.path.as_str(), serde_json::from_str(&file.text).unwrap_or_default()))
        .collect();
    let mut found = Vec::new();
    for owner in owners(project) {
        let folder = format!("functions/{}/messages/", owner.name);
        for name in owner.owned("eventTypes") {
            let describes = |schema: &Value| schema["$id"] == *name || schema["title"] == *name;
            let files =
                schemas.iter().filter(|(_, schema)| describes(schema)).map(|(path, _)| *path);
            let files: Vec<&str> = files.collect();
            if files.len() != 1 || !files[0].starts_with(&folder) {
                found.push(format!(
                    "{}: the event type `{name}` needs one schema in {folder} with its name as `$id`; now there is: {}",
                    owner.file,
                    if files.is_empty() { "none".to_owned() } else { files.join(", ") }
                ));
            }
        }
    }
    found
}

/// Routes that two functions answer, of one app or of two.
#[must_use]
pub fn routes_of_two(project: &Project) -> Vec<String> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for file in project.below("functions").filter(|file| file.name() == "function.json") {
        for route in routes(&file.text) {
            if let Some(other) = first.insert(route.clone(), &file.path) {
                found.push(format!("{other} and {} both answer {route}", file.path));
            }
        }
    }
    found
}

/// `GET v1/things/{}` and so on, of a `function.json`.
fn routes(function_json: &str) -> Vec<String> {
    let json: Value = serde_json::from_str(function_json).unwrap_or_default();
    let bindings = json["bindings"].as_array().cloned().unwrap_or_default();
    let trigger = bindings.iter().find(|binding| binding["type"] == "httpTrigger");
    let Some(trigger) = trigger else { return Vec::new() };
    let segments = trigger["route"].as_str().unwrap_or_default().to_lowercase();
    let plain = segments.split('/').map(|segment| match segment.starts_with('{') {
        true if segment.starts_with("{*") => "{*}",
        true => "{}",
        false => segment,
    });
    let route = plain.collect::<Vec<_>>().join("/");
    let methods =
        trigger["methods"].as_array().cloned().unwrap_or_else(|| vec!["every method".into()]);
    let method = |method: &Value| method.as_str().unwrap_or_default().to_uppercase();
    methods.iter().map(|named| format!("{} {route}", method(named))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(one: &str, other: &str) -> Project {
        Project::of(&[("functions/sales/app.json", one), ("functions/photos/app.json", other)])
    }

    #[test]
    fn two_apps_that_own_one_name_are_both_named() {
        let owns = r#"{ "owns": { "queues": ["x"], "blobContainers": [{ "name": "y" }], "eventTypes": ["z"] } }"#;
        let found = names_of_two(&two(owns, owns));
        assert_eq!(
            found[0],
            "functions/sales/app.json and functions/photos/app.json both own the queue `x`: one of them owns it, and \
             the other says in `uses` what it does with it"
        );
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn names_bear_the_name_of_their_app() {
        let right = r#"{ "owns": { "queues": ["photo-checks", "photos-checks"], "blobContainers": [{ "name": "photos" }],
            "eventTypes": ["com.iommi.photos.decided.v1"] } }"#;
        let wrong = r#"{ "owns": { "queues": ["salesman", "checks"], "blobContainers": [{ "name": "photo-x" }],
            "eventTypes": ["com.iommi.salesman.decided.v1"] } }"#;
        let found = names_of_nobody(&two(wrong, right));
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(
            found[1]
                .ends_with("the queue `checks` does not say whose it is: call it `sales-checks`")
        );
        assert!(found[3].ends_with("does not begin with `com.iommi.sales.`"));
    }

    #[test]
    fn what_is_used_has_an_owner() {
        let uses = r#"{ "uses": { "queues": { "sales-x": ["send"], "sales-x-poison": ["trigger"] },
            "containers": { "photos/cases": ["read"] },
            "eventTypes": { "com.iommi.photos.gone.v1": ["receive"], "com.iommi.sales.made.v1": ["send"],
                "com.iommi.mill.ground.v1": ["receive"] } }, "calledBy": ["nobody"] }"#;
        let found = used_and_owned_by_nobody(&two(uses, "{}"));
        assert_eq!(found.len(), 6, "{found:#?}");
        let owns = r#"{ "owns": { "containers": [{ "name": "cases" }], "queues": ["sales-x"],
            "eventTypes": ["com.iommi.photos.gone.v1"] } }"#;
        let found = used_and_owned_by_nobody(&two(uses, owns));
        assert_eq!(found.len(), 2, "{found:#?}");
    }

    #[test]
    fn an_event_type_has_one_schema_beside_its_owner() {
        let owns = r#"{ "owns": { "eventTypes": ["com.iommi.sales.made.v1"] } }"#;
        let schema = r#"{ "$id": "com.iommi.sales.made.v1" }"#;
        let found = |files: &[(&str, &str)]| {
            let files = [&[("functions/sales/app.json", owns)], files].concat();
            event_types_without_one_schema(&Project::of(&files)).len()
        };
        assert_eq!(found(&[("functions/sales/messages/made.schema.json", schema)]), 0);
        assert_eq!(found(&[]), 1);
        assert_eq!(found(&[("functions/photos/messages/made.schema.json", schema)]), 1);
        let twice = [
            ("functions/sales/messages/made.schema.json", schema),
            ("functions/photos/messages/made.schema.json", schema),
        ];
        assert_eq!(found(&twice), 1);
    }

    #[test]
    fn two_functions_with_one_route_are_both_named() {
        let function = |methods: &str, route: &str| {
            format!(
                r#"{{ "bindings": [{{ "type": "httpTrigger", "methods": {methods}, "route": "{route}" }}] }}"#
            )
        };
        let (one, other) = (
            function(r#"["get", "put"]"#, "v1/Things/{id:guid}"),
            function(r#"["get"]"#, "v1/things/{name}"),
        );
        let project = Project::of(&[
            ("functions/a/src/functions/one/function.json", &one),
            ("functions/b/src/functions/two/function.json", &other),
        ]);
        assert_eq!(
            routes_of_two(&project),
            [
                "functions/a/src/functions/one/function.json and functions/b/src/functions/two/function.json both \
                 answer GET v1/things/{}"
            ]
        );
    }

    #[test]
    fn an_app_without_an_app_json_is_found() {
        let project =
            Project::of(&[("functions/a/src/main.rs", ""), ("functions/b/app.json", "{}")]);
        let found = apps_without_app_json(&project);
        assert_eq!(found, ["functions/a/app.json: there is none, or it is no JSON object"]);
    }
}
