//! Parameters of operations: where they stand, how they are written, and what they may be.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Operation, content, has_sunset};
use crate::{
    change::Report,
    document::{Document, Unreadable, unreadable},
    judge,
    pointer::Pointer,
    schema::{
        kinds,
        subset::{Comparison, Usage},
    },
};

/// Headers that are described elsewhere in a document, if at all (OpenAPI 3.1, section 4.8.12.2).
const NO_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Where a parameter stands, and its name there: in a path the number of its place.
type Key = (String, String);

/// A path in which parameters have no names: `/v1/cakes/{}`.
pub(super) fn without_names(path: &str) -> String {
    let (mut bare, mut inside) = (String::new(), false);
    for character in path.chars() {
        match character {
            '{' => inside = true,
            '}' if inside => {
                bare.push_str("{}");
                inside = false;
            }
            _ if inside => {}
            other => bare.push(other),
        }
    }
    bare
}

pub(super) fn compare<'a>(
    old: &Operation<'a>,
    new: &Operation<'a>,
    report: &mut Report,
) -> Result<(), Unreadable> {
    let (before, now) = (parameters(old)?, parameters(new)?);
    let at = new.at().at("parameters");
    for (key, parameter) in &before {
        let at = at.at(&words(key, parameter));
        match now.get(key) {
            Some(there) => both(report, (parameter, old.document), (there, new.document), &at)?,
            None => removed(report, key, parameter, &now, &before, &at),
        }
    }
    for (key, parameter) in now.iter().filter(|(key, _)| !before.contains_key(*key)) {
        if elsewhere(key, &before, &now) {
            continue;
        }
        let rule =
            if is_required(parameter) { "required-parameter-added" } else { "parameter-added" };
        report.add(rule, &at.at(&words(key, parameter)), "a new parameter".to_owned());
    }
    Ok(())
}

fn removed(
    report: &mut Report,
    key: &Key,
    parameter: &Value,
    now: &BTreeMap<Key, &Value>,
    before: &BTreeMap<Key, &Value>,
    at: &Pointer,
) {
    let moved = now.keys().find(|there| there.1 == key.1 && !before.contains_key(*there));
    if let Some((place, _)) = moved {
        report.add("parameter-moved", at, format!("{} → {place}", key.0));
        return;
    }
    let rule = if has_sunset(parameter, report.options.today) {
        "parameter-removed-after-sunset"
    } else {
        "parameter-removed"
    };
    report.add(rule, at, "the parameter is gone".to_owned());
}

/// Whether a parameter that is new here was in another place before.
fn elsewhere(key: &Key, before: &BTreeMap<Key, &Value>, now: &BTreeMap<Key, &Value>) -> bool {
    before.keys().any(|there| there.1 == key.1 && !now.contains_key(there))
}

fn both<'a>(
    report: &mut Report,
    (old, before): content::Placed<'a>,
    (new, now): content::Placed<'a>,
    at: &Pointer,
) -> Result<(), Unreadable> {
    let said = at.at("required");
    match (is_required(old), is_required(new)) {
        (false, true) => {
            report.add("parameter-became-required", &said, "optional → required".to_owned());
        }
        (true, false) => {
            report.add("parameter-became-optional", &said, "required → optional".to_owned());
        }
        _ => {}
    }
    let (one, two) = (schema_of(old), schema_of(new));
    let lists = has_parts((one, before)) || has_parts((two, now));
    let (written, writes) = (style(old, lists), style(new, lists));
    if written != writes {
        let what = format!("{written} → {writes}");
        report.add("parameter-style-changed", &at.at("style"), what);
    }
    let pair = (content::schema(one, before), content::schema(two, now));
    judge::schemas(report, Usage::Request, pair, &at.at("schema"))
}

/// The object that has its schema: itself, or its only media type.
fn schema_of(parameter: &Value) -> &Value {
    let content = parameter.get("content").and_then(Value::as_object);
    content.and_then(|content| content.values().next()).unwrap_or(parameter)
}

/// Whether it may have parts, which can be written in several ways.
fn has_parts((value, document): content::Placed<'_>) -> bool {
    let node = content::schema(value, document);
    let mut comparison = Comparison::new(Usage::Request, true, jiff::civil::Date::MIN);
    let normal = comparison.normal(&node, &Pointer::default());
    normal.is_none_or(|normal| normal.kinds() & (kinds::ARRAY | kinds::OBJECT) != 0)
}

/// How it is written, with what holds when nothing is said.
fn style(parameter: &Value, has_parts: bool) -> String {
    if let Some(content) = parameter.get("content").and_then(Value::as_object) {
        return content.keys().cloned().collect::<Vec<_>>().join(", ");
    }
    let place = parameter["in"].as_str().unwrap_or_default();
    let usual = if matches!(place, "query" | "cookie") { "form" } else { "simple" };
    let style = parameter["style"].as_str().unwrap_or(usual);
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    let reserved = parameter["allowReserved"].as_bool().unwrap_or_default();
    let mut said = style.to_owned();
    if has_parts && explode {
        said.push_str(", exploded");
    }
    if reserved {
        said.push_str(", reserved characters as they are");
    }
    said
}

fn is_required(parameter: &Value) -> bool {
    parameter["required"] == Value::Bool(true) || parameter["in"] == "path"
}

/// What a parameter is called in pointers, which cannot go by its place in a list.
fn words((place, _): &Key, parameter: &Value) -> String {
    format!("{place}:{}", parameter["name"].as_str().unwrap_or_default())
}

/// Those of the path, and those of the operation over them.
fn parameters<'a>(operation: &Operation<'a>) -> Result<BTreeMap<Key, &'a Value>, Unreadable> {
    let mut found = BTreeMap::new();
    for owner in [operation.item, operation.value] {
        let listed = owner.get("parameters").and_then(Value::as_array);
        for parameter in listed.into_iter().flatten() {
            let parameter = operation.document.follow(parameter);
            if let Some(key) = key(parameter, operation.path, operation.document, &operation.at())?
            {
                found.insert(key, parameter);
            }
        }
    }
    Ok(found)
}

fn key(
    parameter: &Value,
    path: &str,
    document: &Document,
    at: &Pointer,
) -> Result<Option<Key>, Unreadable> {
    let (Some(place), Some(name)) = (parameter["in"].as_str(), parameter["name"].as_str()) else {
        let at = at.at("parameters").to_string();
        return Err(unreadable(&document.name, &at, "a parameter has `name` and `in`"));
    };
    let name = match place {
        "path" => {
            let mut names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
            match names.position(|there| there == name) {
                Some(number) => number.to_string(),
                None => name.to_owned(),
            }
        }
        "header" => name.to_ascii_lowercase(),
        _ => name.to_owned(),
    };
    let described = place == "header" && NO_PARAMETERS.contains(&name.as_str());
    Ok((!described).then(|| (place.to_owned(), name)))
}
