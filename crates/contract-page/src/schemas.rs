//! The schemas: which fields there are and what they take.

use super::html::{escape, text};
use super::prose;
use serde_json::Value;
use std::fmt::Write as _;

pub(super) fn write(document: &Value, page: &mut String) {
    let Some(schemas) = document["components"]["schemas"].as_object() else { return };
    page.push_str("<section><h2>Schemas</h2>");
    for (name, schema) in schemas {
        let _ = write!(
            page,
            "<article id=\"schema-{name}\"><h3>{name}</h3>{about}",
            name = escape(name),
            about = prose::paragraphs(text(schema, "/description")),
        );
        match schema["properties"].as_object() {
            Some(_) => write_properties(schema, page),
            None => {
                let _ = write!(page, "<p>{}</p>", describe(schema));
            }
        }
        page.push_str("</article>");
    }
    page.push_str("</section>");
}

fn write_properties(schema: &Value, page: &mut String) {
    page.push_str("<table><tr><th>field</th><th></th><th>value</th><th></th></tr>");
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let required =
            schema["required"].as_array().is_some_and(|all| all.iter().any(|r| r == name));
        let _ = write!(
            page,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(name),
            if required { "required" } else { "" },
            describe(property),
            prose::inline(text(property, "/description")),
        );
    }
    page.push_str("</table>");
}

/// What a value may be, in a few words.
pub(super) fn describe(schema: &Value) -> String {
    if let Some(name) = text(schema, "/$ref").strip_prefix("#/components/schemas/") {
        return format!("<a href=\"#schema-{name}\">{name}</a>", name = escape(name));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().map(describe).collect::<Vec<_>>().join(" or ");
    }
    let mut words: Vec<String> = Vec::new();
    match &schema["type"] {
        Value::String(kind) => words.push(escape(kind)),
        Value::Array(kinds) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            words.push(escape(&kinds.join(" or ")));
        }
        _ => {}
    }
    if schema["items"].is_object() {
        words.push(format!("of {}", describe(&schema["items"])));
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values.iter().map(|value| escape(&value.to_string())).collect();
        words.push(format!("one of {}", values.join(", ")));
    }
    for (key, phrase) in [
        ("format", "format"),
        ("const", "always"),
        ("pattern", "matching"),
        ("default", "default"),
        ("minimum", "from"),
        ("maximum", "to"),
        ("maxItems", "at most"),
    ] {
        if let Some(value) = schema.get(key) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            words.push(format!("{phrase} <code>{}</code>", escape(&value)));
        }
    }
    if let Some(length) = schema["maxLength"].as_u64() {
        words.push(format!("at most {length} characters"));
    }
    words.join(" ")
}
