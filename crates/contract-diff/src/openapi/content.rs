//! Bodies: media types and their schemas.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    change::Report,
    document::{Document, Unreadable},
    judge,
    pointer::Pointer,
    schema::{node::Node, subset::Usage},
};

/// An object of a document.
pub(super) type Placed<'a> = (&'a Value, &'a Document);

/// Compares the `content` of two objects.
pub(super) fn compare<'a>(
    report: &mut Report,
    usage: Usage,
    ((old, before), (new, now)): (Placed<'a>, Placed<'a>),
    at: &Pointer,
) -> Result<(), Unreadable> {
    let words = if usage == Usage::Request { "request" } else { "response" };
    let (old, new) = (types(old), types(new));
    for (name, old) in &old {
        let at = at.at(name);
        let Some(new) = fitting(&new, name) else {
            let rule = format!("{words}-content-type-removed");
            report.add(&rule, &at, "the content type is gone".to_owned());
            continue;
        };
        if usage == Usage::Request && old.get("encoding") != new.get("encoding") {
            report.add(
                "request-encoding-changed",
                &at.at("encoding"),
                "another encoding".to_owned(),
            );
        }
        let pair = (schema(old, before), schema(new, now));
        judge::schemas(report, usage, pair, &at.at("schema"))?;
    }
    for name in new.keys().filter(|name| fitting(&old, name).is_none()) {
        let rule = format!("{words}-content-type-added");
        report.add(&rule, &at.at(name), "a new content type".to_owned());
    }
    Ok(())
}

/// The schema of a parameter, a header or a media type; none allows everything.
pub(super) fn schema<'a>(value: &'a Value, document: &'a Document) -> Node<'a> {
    value.get("schema").map_or_else(Node::default, |schema| Node::new(schema, document))
}

/// The media types, by their names without parameters.
fn types(value: &Value) -> BTreeMap<String, &Value> {
    let content = value.get("content").and_then(Value::as_object);
    let bare =
        |name: &String| name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    content.map(Map::iter).into_iter().flatten().map(|(name, value)| (bare(name), value)).collect()
}

/// The one that a media type falls under: of its name, or a range.
fn fitting<'a>(types: &BTreeMap<String, &'a Value>, name: &str) -> Option<&'a Value> {
    let range = name.split('/').next().map(|family| format!("{family}/*")).unwrap_or_default();
    [name, &range, "*/*"].iter().find_map(|name| types.get(*name).copied())
}
