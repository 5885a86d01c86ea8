//! OpenAPI documents: which operations there are, and what clients and we say to each other.

mod content;
mod from_us;
mod operation;
mod parameters;
mod responses;
mod security;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::{
    change::Report,
    document::{Document, Unreadable, unreadable},
    pointer::Pointer,
};

/// The members of a path item that are operations.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation and what it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation<'a> {
    document: &'a Document,
    path: &'a str,
    method: &'static str,
    item: &'a Value,
    value: &'a Value,
}

impl Operation<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    fn at(&self) -> Pointer {
        Pointer::of(&["paths", self.path, self.method])
    }

    /// Whether only a mock answers it.
    fn is_planned(&self) -> bool {
        [self.item, self.value].iter().any(|part| {
            part.get("x-planned")
                .is_some_and(|planned| !matches!(planned, Value::Null | Value::Bool(false)))
        })
    }
}

/// Compares two documents.
pub(crate) fn compare(
    old: &Document,
    new: &Document,
    report: &mut Report,
) -> Result<(), Unreadable> {
    let (before, now) = (operations(old)?, operations(new)?);
    let keys: BTreeSet<_> = before.keys().chain(now.keys()).collect();
    for key in keys {
        match (before.get(key), now.get(key)) {
            (Some(old), Some(new)) => both(old, new, report)?,
            (Some(old), None) => removed(old, report),
            (None, Some(new)) if new.is_planned() => {}
            (None, Some(new)) => added(new, report),
            (None, None) => {}
        }
    }
    from_us::webhooks(old, new, report)?;
    report.place = "document".to_owned();
    server_paths(old, new, report);
    problems(old, new, report);
    Ok(())
}

fn added(new: &Operation<'_>, report: &mut Report) {
    report.place = new.name();
    report.add("operation-added", &new.at(), "a new operation".to_owned());
}

fn removed(old: &Operation<'_>, report: &mut Report) {
    report.place = old.name();
    let rule = if old.is_planned() {
        "planned-operation-removed"
    } else if has_sunset(old.value, report.options.today) {
        "operation-removed-after-sunset"
    } else {
        "operation-removed"
    };
    report.add(rule, &old.at(), "the operation is gone".to_owned());
}

fn both(old: &Operation<'_>, new: &Operation<'_>, report: &mut Report) -> Result<(), Unreadable> {
    report.place = new.name();
    match (old.is_planned(), new.is_planned()) {
        (true, true) => Ok(()),
        (true, false) => {
            added(new, report);
            Ok(())
        }
        (false, true) => {
            let what = "a function → only planned".to_owned();
            report.add("operation-became-planned", &new.at().at("x-planned"), what);
            Ok(())
        }
        (false, false) => operation::compare(old, new, report),
    }
}

/// Whether it was announced that something goes, and the day is over.
fn has_sunset(value: &Value, today: Date) -> bool {
    let day =
        value.get("x-sunset").and_then(Value::as_str).and_then(|day| day.parse::<Date>().ok());
    value.get("deprecated") == Some(&Value::Bool(true)) && day.is_some_and(|day| day < today)
}

/// The operations by path and method. What a parameter of a path is called does not matter.
fn operations(
    document: &Document,
) -> Result<BTreeMap<(String, &'static str), Operation<'_>>, Unreadable> {
    let mut found = BTreeMap::new();
    for (path, item) in document.root["paths"].as_object().into_iter().flatten() {
        let at = Pointer::of(&["paths", path]);
        let item = document.follow(item);
        let Some(members) = item.as_object() else {
            return Err(unreadable(&document.name, &at.to_string(), "a path is a map of methods"));
        };
        for method in METHODS {
            let Some(value) = members.get(method) else { continue };
            if !value.is_object() {
                let at = at.at(method).to_string();
                return Err(unreadable(
                    &document.name,
                    &at,
                    "an operation is a map with `responses`",
                ));
            }
            let key = (parameters::without_names(path), method);
            let operation = Operation { document, path, method, item, value };
            if let Some(other) = found.insert(key, operation) {
                let problem = format!("it is the same path as {}", other.path);
                return Err(unreadable(&document.name, &at.to_string(), &problem));
            }
        }
    }
    Ok(found)
}

/// The paths of the servers: a host may differ from place to place, a path is part of each call.
fn server_paths(old: &Document, new: &Document, report: &mut Report) {
    let paths = |document: &Document| -> BTreeSet<String> {
        let servers = document.root["servers"].as_array().cloned().unwrap_or_default();
        let urls = servers.iter().filter_map(|server| server["url"].as_str().map(str::to_owned));
        let path = |url: String| {
            let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| {
                rest.split_once('/').map_or("", |(_, path)| path)
            });
            rest.trim_matches('/').to_owned()
        };
        let paths: BTreeSet<String> = urls.map(path).collect();
        if paths.is_empty() { [String::new()].into() } else { paths }
    };
    let (before, now) = (paths(old), paths(new));
    for path in before.difference(&now) {
        let what = format!("no server has the path /{path} any more");
        report.add("server-path-changed", &Pointer::of(&["servers"]), what);
    }
}

/// `x-problems`: the kinds of problems that clients are told of, with their status.
fn problems(old: &Document, new: &Document, report: &mut Report) {
    let empty = Map::new();
    let kinds = |document: &'_ Document| {
        document.root["x-problems"].as_object().cloned().unwrap_or_else(|| empty.clone())
    };
    let (before, now) = (kinds(old), kinds(new));
    for (kind, problem) in &before {
        let at = Pointer::of(&["x-problems", kind]);
        match now.get(kind) {
            None => report.add("problem-removed", &at, "the problem is gone".to_owned()),
            Some(there) if there["status"] != problem["status"] => {
                let what = format!("{} → {}", problem["status"], there["status"]);
                report.add("problem-status-changed", &at.at("status"), what);
            }
            Some(_) => {}
        }
    }
    for kind in now.keys().filter(|kind| !before.contains_key(*kind)) {
        report.add(
            "problem-added",
            &Pointer::of(&["x-problems", kind]),
            "a new problem".to_owned(),
        );
    }
}
