//! Answers: statuses, headers and bodies.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Operation, content};
use crate::{
    change::Report,
    document::{Document, Unreadable},
    judge,
    pointer::Pointer,
    schema::subset::Usage,
};

pub(super) fn compare<'a>(
    old: &Operation<'a>,
    new: &Operation<'a>,
    report: &mut Report,
) -> Result<(), Unreadable> {
    let (before, now) = (Answers::of(old), Answers::of(new));
    for status in before.by.keys().chain(now.by.keys()).collect::<BTreeSet<_>>() {
        let at = new.at().at("responses").at(status);
        match (before.to(status), now.to(status)) {
            (Some(_), None) => {
                report.add("status-removed", &at, format!("{status} is not answered any more"));
            }
            (None, Some(_)) => {
                let is_error = status.starts_with(['4', '5']) || status.as_str() == "default";
                let rule = if is_error { "error-status-added" } else { "success-status-added" };
                report.add(rule, &at, format!("{status} is new"));
            }
            (Some(before), Some(now)) => {
                let pair = ((before, old.document), (now, new.document));
                headers(report, pair, &at.at("headers"))?;
                content::compare(report, Usage::Response, pair, &at.at("content"))?;
            }
            (None, None) => {}
        }
    }
    Ok(())
}

/// The answers of an operation by status: `200`, `2XX` or `default`.
struct Answers<'a> {
    by: BTreeMap<String, &'a Value>,
}

impl<'a> Answers<'a> {
    fn of(operation: &Operation<'a>) -> Self {
        let all = operation.value.get("responses").and_then(Value::as_object);
        let by = all.into_iter().flatten().filter(|(status, _)| !status.starts_with("x-"));
        let by = by.map(|(status, value)| {
            let status = if status == "default" { status.clone() } else { status.to_uppercase() };
            (status, operation.document.follow(value))
        });
        Self { by: by.collect() }
    }

    /// What a status is answered with: said for itself, for its range, or for all.
    fn to(&self, status: &str) -> Option<&'a Value> {
        let range = status.get(..1).map(|first| format!("{first}XX")).unwrap_or_default();
        [status, &range, "default"].iter().find_map(|status| self.by.get(*status).copied())
    }
}

fn headers<'a>(
    report: &mut Report,
    ((old, before), (new, now)): (content::Placed<'a>, content::Placed<'a>),
    at: &Pointer,
) -> Result<(), Unreadable> {
    let (old, new) = (named(old, before), named(new, now));
    let required = |header: &Value| header["required"] == Value::Bool(true);
    for (name, header) in &old {
        let at = at.at(name);
        let Some(there) = new.get(name) else {
            report.add("response-header-removed", &at, "the header is gone".to_owned());
            continue;
        };
        let said = at.at("required");
        match (required(header), required(there)) {
            (true, false) => {
                let what = "required → optional".to_owned();
                report.add("response-header-became-optional", &said, what);
            }
            (false, true) => {
                let what = "optional → required".to_owned();
                report.add("response-header-became-required", &said, what);
            }
            _ => {}
        }
        let pair = (content::schema(header, before), content::schema(there, now));
        judge::schemas(report, Usage::Response, pair, &at.at("schema"))?;
    }
    for name in new.keys().filter(|name| !old.contains_key(*name)) {
        report.add("response-header-added", &at.at(name), "a new header".to_owned());
    }
    Ok(())
}

/// The headers of an answer, by their names in lower case.
fn named<'a>(response: &'a Value, document: &'a Document) -> BTreeMap<String, &'a Value> {
    let headers = response.get("headers").and_then(Value::as_object);
    let headers = headers.into_iter().flatten();
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), document.follow(value)));
    headers.filter(|(name, _)| name != "content-type").collect()
}
