//! What a reader with one JSON Schema cannot read of what a writer with another one writes.

use serde_json::Value;

use super::node::{Kind, Node, Others};
use crate::{
    gap::{Gap, Rule},
    path::Path,
};

/// What the reader cannot read.
pub(crate) fn unread(reader: &Node, writer: &Node) -> Vec<Gap> {
    let mut gaps = Vec::new();
    value(reader, writer, &Path::root(), &mut gaps);
    gaps
}

fn value(reader: &Node, writer: &Node, path: &Path, gaps: &mut Vec<Gap>) {
    if !writer.kinds.0.is_subset(&reader.kinds.0) {
        let (reads, writes) = (reader.kinds.to_string(), writer.kinds.to_string());
        gaps.push(Gap::new(Rule::TypeDiffers, path, reads, writes));
    }
    match &writer.values {
        Some(values) => listed(reader, values, path, gaps),
        None => free(reader, writer, path, gaps),
    }
    let both = |kind| reader.kinds.has(kind) && writer.kinds.has(kind);
    if both(Kind::Text) && reader.format.is_some() && reader.format != writer.format {
        let (reads, writes) = (words("format", &reader.format), words("format", &writer.format));
        gaps.push(Gap::new(Rule::FormatDiffers, path, reads, writes));
    }
    if both(Kind::Object) {
        object(reader, writer, path, gaps);
    }
    if both(Kind::List) {
        list(reader, writer, path, gaps);
    }
}

/// Values that the writer has a list of. Those of another type were said already.
fn listed(reader: &Node, values: &[Value], path: &Path, gaps: &mut Vec<Gap>) {
    let unknown =
        values.iter().filter(|value| reader.kinds.has(Kind::of(value)) && !reader.accepts(value));
    for value in unknown {
        gaps.push(Gap::new(Rule::ValueUnknown, path, shown(reader), value.to_string()));
    }
}

/// Values that the writer has no list of.
fn free(reader: &Node, writer: &Node, path: &Path, gaps: &mut Vec<Gap>) {
    if reader.values.is_some() && !reader.is_extensible {
        let writes = format!("any {}", writer.kinds);
        gaps.push(Gap::new(Rule::ValueUnknown, path, shown(reader), writes));
    }
    let mut limits = Vec::new();
    if reader.kinds.has_numbers() && writer.kinds.has_numbers() {
        limits.extend(reader.limits.unread_numbers(&writer.limits));
    }
    if reader.kinds.has(Kind::Text) && writer.kinds.has(Kind::Text) {
        limits.extend(reader.limits.length.unread(&writer.limits.length, "letters"));
        if reader.pattern.is_some() && reader.pattern != writer.pattern {
            let pattern = |node: &Node| words("pattern", &node.pattern);
            gaps.push(Gap::new(Rule::PatternDiffers, path, pattern(reader), pattern(writer)));
        }
    }
    let gap = |(reads, writes)| Gap::new(Rule::LimitNarrower, path, reads, writes);
    gaps.extend(limits.into_iter().map(gap));
}

fn object(reader: &Node, writer: &Node, path: &Path, gaps: &mut Vec<Gap>) {
    for name in reader.required.difference(&writer.required) {
        let writes =
            if writer.properties.contains_key(name) { "optional" } else { "no such field" };
        gaps.push(Gap::new(Rule::FieldMissing, &path.field(name), "required", writes));
    }
    let anything = Node::anything();
    for (name, known) in &reader.properties {
        let written = match (writer.properties.get(name), &writer.others) {
            (Some(property), _) => property,
            (None, Others::Of(others)) => others,
            (None, Others::Ignored) if writer.required.contains(name) => &anything,
            (None, Others::Ignored) => continue,
        };
        value(known, written, &path.field(name), gaps);
    }
    if let Others::Of(others) = &reader.others {
        for (name, written) in &writer.properties {
            if !reader.properties.contains_key(name) {
                value(others, written, &path.field(name), gaps);
            }
        }
        if let Others::Of(written) = &writer.others {
            value(others, written, &path.values(), gaps);
        }
    }
    names(reader, writer, path, gaps);
}

/// The names of a map's values, and of properties that the writer has a name for.
fn names(reader: &Node, writer: &Node, path: &Path, gaps: &mut Vec<Gap>) {
    let Some(names) = &reader.names else { return };
    let named: Vec<Value> =
        writer.properties.keys().map(|name| Value::from(name.as_str())).collect();
    listed(names, &named, &path.names(), gaps);
    if let Others::Of(_) = writer.others {
        let text = Node::of([Kind::Text]);
        value(names, writer.names.as_deref().unwrap_or(&text), &path.names(), gaps);
    }
}

fn list(reader: &Node, writer: &Node, path: &Path, gaps: &mut Vec<Gap>) {
    for (reads, writes) in reader.limits.items.unread(&writer.limits.items, "items") {
        gaps.push(Gap::new(Rule::LimitNarrower, path, reads, writes));
    }
    if reader.is_unique && !writer.is_unique {
        gaps.push(Gap::new(Rule::LimitNarrower, path, "each item once", "items again and again"));
    }
    if let Some(items) = &reader.items {
        let anything = Node::anything();
        value(items, writer.items.as_deref().unwrap_or(&anything), &path.items(), gaps);
    }
}

fn shown(node: &Node) -> String {
    match &node.values {
        Some(values) => {
            let values: Vec<String> = values.iter().map(Value::to_string).collect();
            format!("one of {}", values.join(", "))
        }
        None => {
            let pattern = node.pattern.as_ref().map(|pattern| format!(" of pattern {pattern}"));
            format!("a {} within its limits{}", node.kinds, pattern.unwrap_or_default())
        }
    }
}

fn words(what: &str, value: &Option<String>) -> String {
    value.as_ref().map_or(format!("no {what}"), |value| format!("{what} {value}"))
}
