//! The operations, grouped by tag.

use super::html::{escape, resolve, text};
use super::{prose, schemas};
use serde_json::Value;
use std::fmt::Write as _;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

pub(super) fn write(document: &Value, page: &mut String) {
    let no_tags = Vec::new();
    let declared = document["tags"].as_array().unwrap_or(&no_tags);
    let mut tags: Vec<&str> = declared.iter().map(|tag| text(tag, "/name")).collect();
    for (_, _, operation) in operations(document) {
        let tag = text(operation, "/tags/0");
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    for tag in tags {
        let about = declared.iter().find(|declared| text(declared, "/name") == tag);
        let about = about.map_or("", |tag| text(tag, "/description"));
        let _ = write!(page, "<section><h2>{}</h2>{}", escape(tag), prose::paragraphs(about));
        for (path, method, operation) in operations(document) {
            if text(operation, "/tags/0") == tag {
                write_operation(document, path, method, operation, page);
            }
        }
        page.push_str("</section>");
    }
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &'static str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(|method| Some((path.as_str(), method, item.get(method)?)))
    })
}

fn write_operation(
    document: &Value,
    path: &str,
    method: &str,
    operation: &Value,
    page: &mut String,
) {
    let _ = write!(
        page,
        "<article id=\"{id}\"><h3><span class=\"method\">{method}</span> <code>{path}</code></h3>\
         <p><strong>{summary}</strong></p>{description}",
        id = escape(text(operation, "/operationId")),
        method = method.to_uppercase(),
        path = escape(path),
        summary = escape(text(operation, "/summary")),
        description = prose::paragraphs(text(operation, "/description")),
    );
    if let Some(month) = operation["x-planned"].as_str() {
        let _ = write!(
            page,
            "<p><em>Planned for {}: nothing answers here yet.</em></p>",
            escape(month)
        );
    }
    write_parameters(document, path, operation, page);
    if let Some(content) = operation["requestBody"]["content"].as_object() {
        for (media_type, content) in content {
            let _ = write!(page, "<h4>Body, <code>{}</code></h4>", escape(media_type));
            write_content(document, content, page);
        }
    }
    page.push_str("<h4>Answers</h4><dl>");
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let response = resolve(document, response);
        let about = prose::inline(text(response, "/description"));
        let _ = write!(page, "<dt>{}</dt><dd>{about}", escape(status));
        for content in response["content"].as_object().into_iter().flat_map(serde_json::Map::values)
        {
            write_content(document, content, page);
        }
        page.push_str("</dd>");
    }
    page.push_str("</dl></article>");
}

fn write_parameters(document: &Value, path: &str, operation: &Value, page: &mut String) {
    let of = |value: &Value| value["parameters"].as_array().cloned().unwrap_or_default();
    let parameters = [of(&document["paths"][path]), of(operation)].concat();
    if parameters.is_empty() {
        return;
    }
    page.push_str("<table><tr><th>parameter</th><th>in</th><th>value</th><th></th></tr>");
    for parameter in &parameters {
        let parameter = resolve(document, parameter);
        let required = if parameter["required"] == true { ", required" } else { "" };
        let _ = write!(
            page,
            "<tr><td><code>{}</code></td><td>{}{required}</td><td>{}</td><td>{}</td></tr>",
            escape(text(parameter, "/name")),
            escape(text(parameter, "/in")),
            schemas::describe(&parameter["schema"]),
            prose::inline(text(parameter, "/description")),
        );
    }
    page.push_str("</table>");
}

fn write_content(document: &Value, content: &Value, page: &mut String) {
    let schema = schemas::describe(&content["schema"]);
    if !schema.is_empty() {
        let _ = write!(page, "<p>{schema}</p>");
    }
    let named = content["examples"].as_object().and_then(|examples| examples.values().next());
    let named = named.map(|example| &resolve(document, example)["value"]);
    if let Some(example) = content.get("example").or(named) {
        let example = serde_json::to_string_pretty(example).unwrap_or_default();
        let _ = write!(
            page,
            "<details><summary>example</summary><pre>{}</pre></details>",
            escape(&example)
        );
    }
}
