//! Containers of Cosmos DB and of blobs: an app's own, and what it reads of others.

use super::{Declared, differences, listed};
use contract_check::Description;

pub(super) fn findings(declared: &Declared, description: &Description) -> Vec<String> {
    let (file, own) = (&declared.file, &declared.name);
    let owned = &declared.app.owns.containers;
    let mut findings = Vec::new();
    for container in &description.containers {
        let name = &container.name;
        if container.database == *own {
            if !owned.iter().any(|known| known.name == *name) {
                findings.push(format!(
                    "{file}: the handler uses the container `{name}`, which owns.containers does not list: add \
                     {{ \"name\": \"{name}\", \"partitionKey\": \"/id\" }}, with the key that the code uses"
                ));
            }
            continue;
        }
        let path = format!("{}/{name}", container.database);
        if container.uses.iter().any(|usage| usage == "write" || usage == "leases") {
            findings.push(format!(
                "functions/{own}: the handler writes to the container `{path}` of another app, whose documents only \
                 that app may write: send it a message, or call its API"
            ));
        }
        let reads = |usage: &&String| *usage == "read" || *usage == "feed";
        let reads: Vec<String> = container.uses.iter().filter(reads).cloned().collect();
        let (missing, unused) = differences(&reads, declared.app.uses.containers.get(&path));
        if !missing.is_empty() {
            findings.push(format!(
                "{file}: the handler uses the container `{path}` of another app, which uses.containers does not say: \
                 make it \"{path}\": {}",
                listed(&reads)
            ));
        }
        findings.extend(unused.iter().map(|usage| unused_use(file, &path, usage)));
    }
    findings.extend(unused_containers(declared, description));
    findings
}

fn unused_containers(declared: &Declared, description: &Description) -> Vec<String> {
    let (file, own) = (&declared.file, &declared.name);
    let described = |database: &str, name: &str| {
        let mut containers = description.containers.iter();
        containers.any(|known| known.database == database && known.name == name)
    };
    let owned = declared.app.owns.containers.iter().filter(|known| !described(own, &known.name));
    let mut findings: Vec<String> = owned
        .map(|known| {
            let name = &known.name;
            format!(
                "{file}: owns.containers has `{name}`, which the handler does not use: take it out"
            )
        })
        .collect();
    for (path, usages) in &declared.app.uses.containers {
        let (database, name) = path.split_once('/').unwrap_or((path, ""));
        if !described(database, name) {
            findings.extend(usages.iter().map(|usage| unused_use(file, path, usage)));
        }
    }
    findings
}

fn unused_use(file: &str, path: &str, usage: &str) -> String {
    format!(
        "{file}: uses.containers says \"{usage}\" of `{path}`, and the handler does not: take it out"
    )
}

pub(super) fn blobs(declared: &Declared, description: &Description) -> Vec<String> {
    let file = &declared.file;
    let owned = &declared.app.owns.blob_containers;
    let used = &description.blob_containers;
    let foreign = used.iter().filter(|used| owned.iter().all(|known| known.name != used.name));
    let mut findings: Vec<String> =
        foreign.flat_map(|used| foreign_blobs(declared, &used.name, &used.uses)).collect();
    for (name, usages) in &declared.app.uses.blob_containers {
        let uses = used.iter().find(|used| used.name == *name).map(|used| used.uses.as_slice());
        let (_, unused) = differences(uses.unwrap_or_default(), Some(usages));
        findings.extend(unused.iter().map(|usage| {
            format!(
                "{file}: uses.blobContainers says \"{usage}\" of `{name}`, and the handler does not: take it out"
            )
        }));
    }
    let unused = owned.iter().filter(|known| {
        let name = &known.name;
        used.iter().all(|used| used.name != *name)
            && !declared.app.is_a_partners(name)
            && !is_subscribed(declared, name)
    });
    findings.extend(unused.map(|known| {
        format!(
            "{file}: owns.blobContainers has `{}`, which neither the handler nor an event subscription nor a partner \
             uses: take it out",
            known.name
        )
    }));
    let signs = used.iter().any(|used| used.uses.iter().any(|usage| usage == "sign"));
    if signs != declared.app.signs_urls {
        findings.push(format!(
            "{file}: signsUrls is {}, and the handler signs {}URLs: make it {signs}",
            declared.app.signs_urls,
            if signs { "" } else { "no " },
        ));
    }
    findings
}

/// A blob container of another app is only read, and `uses` says so.
fn foreign_blobs(declared: &Declared, name: &str, uses: &[String]) -> Option<String> {
    let file = &declared.file;
    let said = declared.app.uses.blob_containers.get(name);
    if uses.iter().any(|usage| usage != "read") {
        return Some(format!(
            "{file}: the handler uses the blob container `{name}`, which owns.blobContainers does not list: add \
             {{ \"name\": \"{name}\" }}; of another app it may only be read (`blob_reader`)"
        ));
    }
    let is_said = said.is_some_and(|said| said.contains("read"));
    (!is_said).then(|| {
        format!(
            "{file}: the handler reads the blob container `{name}`, which neither owns.blobContainers nor \
             uses.blobContainers lists: if it is another app's, add \"{name}\": [\"read\"]"
        )
    })
}

/// Whether events of the container are subscribed to, or events that cannot be delivered are kept in it.
fn is_subscribed(declared: &Declared, name: &str) -> bool {
    declared.app.event_subscriptions.iter().any(|subscription| {
        subscription["container"] == name || subscription["deadLetter"]["container"] == name
    })
}
