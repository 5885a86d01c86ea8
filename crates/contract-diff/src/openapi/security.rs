//! Who may call: each of several ways, each of which may ask for several things at once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Operation;
use crate::{change::Report, document::Document};

/// What one way asks for: schemes by what they are, and not by their names, with their scopes.
type Way = BTreeMap<String, BTreeSet<String>>;

pub(super) fn compare(old: &Operation<'_>, new: &Operation<'_>, report: &mut Report) {
    let (before, now) = (ways(old), ways(new));
    let at = new.at().at("security");
    for way in before.iter().filter(|way| !now.iter().any(|there| opens(way, there))) {
        if way.is_empty() {
            report.add("security-added", &at, format!("everybody → {}", words(&now)));
        } else if let Some(nearest) =
            now.iter().find(|there| there.keys().all(|scheme| way.contains_key(scheme)))
        {
            let more: Vec<String> = nearest
                .iter()
                .flat_map(|(scheme, scopes)| scopes.difference(&way[scheme]).cloned())
                .collect();
            report.add("security-scope-added", &at, format!("{} is asked for", more.join(", ")));
        } else {
            let what = format!("{} → {}", words(std::slice::from_ref(way)), words(&now));
            report.add("security-changed", &at, what);
        }
    }
    for way in now.iter().filter(|way| !before.iter().any(|there| opens(way, there))) {
        if before.iter().all(|there| now.iter().any(|way| opens(there, way))) {
            let what = format!("{} is enough", words(std::slice::from_ref(way)));
            report.add("security-lifted", &at, what);
        }
    }
}

/// Whether who comes by one way has all that another asks for.
fn opens(way: &Way, other: &Way) -> bool {
    other.iter().all(|(scheme, scopes)| way.get(scheme).is_some_and(|own| scopes.is_subset(own)))
}

fn words(ways: &[Way]) -> String {
    let way = |way: &Way| {
        if way.is_empty() {
            return "everybody".to_owned();
        }
        let schemes = way.iter().map(|(scheme, scopes)| {
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            if scopes.is_empty() {
                scheme.clone()
            } else {
                format!("{scheme} ({})", scopes.join(", "))
            }
        });
        schemes.collect::<Vec<_>>().join(" and ")
    };
    ways.iter().map(way).collect::<Vec<_>>().join(" or ")
}

fn ways(operation: &Operation<'_>) -> Vec<Way> {
    let said = operation.value.get("security").or_else(|| operation.document.root.get("security"));
    let listed = said.and_then(Value::as_array).filter(|listed| !listed.is_empty());
    let Some(listed) = listed else { return vec![Way::new()] };
    let way = |way: &Value| {
        let schemes = way.as_object().into_iter().flatten();
        let scheme = |(name, scopes): (&String, &Value)| {
            let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
            (scheme(operation.document, name), scopes.map(str::to_owned).collect())
        };
        schemes.map(scheme).collect()
    };
    listed.iter().map(way).collect()
}

/// A scheme by what it is.
fn scheme(document: &Document, name: &str) -> String {
    const TOLD_APART_BY: [&str; 6] = ["type", "in", "name", "scheme", "openIdConnectUrl", "flows"];
    let scheme = document.follow(&document.root["components"]["securitySchemes"][name]);
    let Some(members) = scheme.as_object() else { return name.to_owned() };
    let mut said = Vec::new();
    for key in TOLD_APART_BY {
        match members.get(key) {
            Some(Value::Object(flows)) => {
                let flows: BTreeSet<&String> = Map::keys(flows).collect();
                said.extend(flows.into_iter().cloned());
            }
            Some(Value::String(word)) if key == "scheme" => said.push(word.to_lowercase()),
            Some(Value::String(word)) => said.push(word.clone()),
            _ => {}
        }
    }
    said.join(" ")
}
