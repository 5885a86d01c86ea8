//! Queues: sent to, counted, and what triggers functions.

use super::{Declared, differences, listed};
use contract_check::Description;

const POISON: &str = "-poison";

pub(super) fn findings(declared: &Declared, description: &Description) -> Vec<String> {
    let file = &declared.file;
    let mut findings = Vec::new();
    let uses = &declared.app.uses.queues;
    for queue in &description.queues {
        let name = &queue.name;
        let (missing, unused) = differences(&queue.uses, uses.get(name));
        if !missing.is_empty() {
            findings.push(missing_use(file, name, &missing, uses.contains_key(name)));
        }
        findings.extend(unused.iter().map(|usage| unused_use(file, name, usage)));
        if queue.uses.iter().any(|usage| usage == "trigger") {
            findings.extend(without_poison(declared, description, name));
        }
    }
    let described = |name: &str| description.queues.iter().any(|queue| queue.name == name);
    for (name, usages) in uses.iter().filter(|(name, _)| !described(name)) {
        findings.extend(usages.iter().map(|usage| unused_use(file, name, usage)));
    }
    for name in &declared.app.owns.queues {
        if !described(name) && !declared.app.is_a_partners(name) {
            findings.push(format!(
                "{file}: owns.queues has `{name}`, which neither the handler nor a partner uses: take it out"
            ));
        }
    }
    findings
}

fn verb(usage: &str) -> &str {
    match usage {
        "send" => "sends to",
        "length" => "asks for the length of",
        "process" => "takes messages from",
        _ => "is triggered by",
    }
}

fn missing_use(file: &str, name: &str, missing: &[String], is_listed: bool) -> String {
    let verbs: Vec<&str> = missing.iter().map(|usage| verb(usage)).collect();
    let what = format!(
        "{file}: the handler {} the queue `{name}`, which uses.queues",
        verbs.join(" and ")
    );
    match is_listed {
        true => format!("{what} lists without that: add {} to \"{name}\"", quoted(missing)),
        false => format!("{what} does not list: add \"{name}\": {}", listed(missing)),
    }
}

fn quoted(uses: &[String]) -> String {
    uses.iter().map(|usage| format!("\"{usage}\"")).collect::<Vec<_>>().join(" and ")
}

fn unused_use(file: &str, name: &str, usage: &str) -> String {
    format!(
        "{file}: uses.queues says that the handler {} the queue `{name}`, and it does not: take \"{usage}\" out of \
         \"{name}\"",
        verb(usage)
    )
}

/// A queue's messages that fail again and again go to its poison queue, where somebody must take them.
fn without_poison(declared: &Declared, description: &Description, name: &str) -> Option<String> {
    let poison = format!("{name}{POISON}");
    let is_taken = description
        .queues
        .iter()
        .any(|queue| queue.name == poison && queue.uses.iter().any(|usage| usage == "process"));
    (!name.ends_with(POISON) && !is_taken).then(|| {
        format!(
            "functions/{}: a function is triggered by the queue `{name}`, and nothing takes messages from `{poison}`, \
             where they go that fail again and again: name the queue where the dead letters are made, and the function \
             under `poison_queues` in main.rs",
            declared.name
        )
    })
}
