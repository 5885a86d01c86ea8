//! Types of events: sent and received.

use super::{Declared, differences, listed};
use contract_check::Description;

pub(super) fn findings(declared: &Declared, description: &Description) -> Vec<String> {
    let file = &declared.file;
    let uses = &declared.app.uses.event_types;
    let mut findings = Vec::new();
    for described in &description.event_types {
        let name = &described.name;
        let (missing, unused) = differences(&described.uses, uses.get(name));
        if !missing.is_empty() {
            findings.push(format!(
                "{file}: the handler uses events of the type `{name}`, which uses.eventTypes does not say: make it \
                 \"{name}\": {}",
                listed(&described.uses)
            ));
        }
        findings.extend(unused.iter().map(|usage| unused_use(file, name, usage)));
    }
    let used = |name: &str, usage: &str| {
        let mut types = description.event_types.iter();
        types.any(|known| known.name == name && known.uses.iter().any(|known| known == usage))
    };
    let described = |name: &str| description.event_types.iter().any(|known| known.name == name);
    for (name, usages) in uses.iter().filter(|(name, _)| !described(name)) {
        findings.extend(usages.iter().map(|usage| unused_use(file, name, usage)));
    }
    for name in declared.app.owns.event_types.iter().filter(|name| !used(name, "send")) {
        findings.push(format!(
            "{file}: owns.eventTypes has `{name}`, which the handler does not send: take it out"
        ));
    }
    findings
}

fn unused_use(file: &str, name: &str, usage: &str) -> String {
    format!(
        "{file}: uses.eventTypes says \"{usage}\" of `{name}`, and the handler does not: take it out"
    )
}
