//! Event hubs: sent to and read, and in which group.

use super::{Declared, differences, listed};
use contract_check::Description;

/// The group of those who name none.
const DEFAULT_GROUP: &str = "$Default";

pub(super) fn findings(declared: &Declared, description: &Description) -> Vec<String> {
    let file = &declared.file;
    let uses = &declared.app.uses.event_hubs;
    let mut findings = Vec::new();
    for hub in &description.event_hubs {
        let name = &hub.name;
        let (missing, unused) = differences(&hub.uses, uses.get(name));
        if !missing.is_empty() {
            findings.push(format!(
                "{file}: the handler uses the event hub `{name}`, which uses.eventHubs does not say: make it \"{name}\": {}",
                listed(&hub.uses)
            ));
        }
        findings.extend(unused.iter().map(|usage| unused_use(file, name, usage)));
    }
    let described = |name: &str| description.event_hubs.iter().find(|hub| hub.name == name);
    for (name, usages) in uses.iter().filter(|(name, _)| described(name).is_none()) {
        findings.extend(usages.iter().map(|usage| unused_use(file, name, usage)));
    }
    let sends = |name: &str| {
        described(name).is_some_and(|hub| hub.uses.iter().any(|usage| usage == "send"))
    };
    let silent = declared.app.owns.event_hubs.iter().filter(|hub| !sends(&hub.name));
    findings.extend(silent.map(|hub| {
        format!(
            "{file}: owns.eventHubs has `{}`, to which the handler does not send: take it out",
            hub.name
        )
    }));
    findings.extend(groups(declared, description));
    findings
}

/// The groups in which functions read hubs, against those that are declared.
fn groups(declared: &Declared, description: &Description) -> Vec<String> {
    let file = &declared.file;
    let read: Vec<(&str, &str)> = description
        .functions
        .iter()
        .flat_map(|function| &function.bindings)
        .filter(|binding| binding["type"] == "eventHubTrigger")
        .map(|binding| {
            let group = binding["consumerGroup"].as_str().unwrap_or(DEFAULT_GROUP);
            (binding["eventHubName"].as_str().unwrap_or_default(), group)
        })
        .collect();
    let declared = &declared.app.owns.consumer_groups;
    let known = |&&(hub, group): &&(&str, &str)| {
        declared.iter().any(|one| one.event_hub == hub && one.name == group)
    };
    let mut findings: Vec<String> = read
        .iter()
        .filter(|one| !known(one))
        .map(|(hub, group)| {
            format!(
                "{file}: a function reads the event hub `{hub}` in the group `{group}`, which owns.consumerGroups does not \
                 list: give the trigger a consumerGroup of the app's name, and add {{ \"name\": \"{group}\", \"eventHub\": \
                 \"{hub}\" }}"
            )
        })
        .collect();
    let unread =
        declared.iter().filter(|one| !read.contains(&(one.event_hub.as_str(), one.name.as_str())));
    findings.extend(unread.map(|one| {
        format!(
            "{file}: owns.consumerGroups has `{}` of the event hub `{}`, in which no function reads: take it out",
            one.name, one.event_hub
        )
    }));
    findings
}

fn unused_use(file: &str, name: &str, usage: &str) -> String {
    format!(
        "{file}: uses.eventHubs says \"{usage}\" of `{name}`, and the handler does not: take it out"
    )
}
