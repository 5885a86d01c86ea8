//! What the answers of an app say of where things are, so that later requests are about something that is there.

use std::collections::BTreeMap;

use contract_check::Answer;
use serde_json::Value;

use super::operations::shape;

/// Values of path parameters by their names, and the newest version of what was answered.
#[derive(Debug, Default)]
pub(super) struct Known {
    templates: Vec<String>,
    values: BTreeMap<String, String>,
}

impl Known {
    pub(super) fn new(templates: impl IntoIterator<Item = String>) -> Self {
        Self { templates: templates.into_iter().collect(), values: BTreeMap::new() }
    }

    /// What stands for a parameter.
    pub(super) fn value(&self, parameter: &str) -> Option<&str> {
        self.values.get(parameter).map(String::as_str)
    }

    /// Learns from an answer of an operation with this path: what it made, or has in a list.
    pub(super) fn learn(&mut self, path: &str, answer: &Answer) {
        if !(200..300).contains(&answer.status) {
            return;
        }
        if let Some(location) = answer.header("location") {
            self.locate(location);
        }
        let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else { return };
        let has_place = answer.header("location").is_some();
        if let (Some(id), false) = (body["id"].as_str(), has_place) {
            self.below(path, id, true);
        }
        self.members(&body);
        if let Some(first) = body["items"].get(0) {
            for name in ["id", "number", "name", "type"] {
                if let Some(value) = first[name].as_str() {
                    self.below(path, value, false);
                    break;
                }
            }
        }
    }

    /// Where something is.
    fn locate(&mut self, location: &str) {
        let path = location.split('?').next().unwrap_or_default();
        let path = path.find("://").map_or(path, |at| {
            let rest = &path[at + 3..];
            rest.find('/').map_or("", |start| &rest[start..])
        });
        let parts: Vec<&str> = path.split('/').collect();
        for template in &self.templates {
            let names: Vec<&str> = template.split('/').collect();
            let fits = names.len() == parts.len()
                && names
                    .iter()
                    .zip(&parts)
                    .all(|(name, part)| name.starts_with('{') || name.eq_ignore_ascii_case(part));
            if !fits {
                continue;
            }
            for (name, part) in names.iter().zip(&parts) {
                if let Some(name) = parameter(name) {
                    self.values.insert(name.to_owned(), (*part).to_owned());
                }
            }
        }
    }

    /// Something that is in the collection of this path.
    fn below(&mut self, path: &str, id: &str, is_new: bool) {
        let wanted = format!("{}/{{}}", shape(path));
        let last = |template: &String| {
            parameter(template.rsplit('/').next().unwrap_or_default()).map(str::to_owned)
        };
        let fitting = self.templates.iter().filter(|template| shape(template) == wanted);
        for name in fitting.filter_map(last).collect::<Vec<_>>() {
            if is_new || !self.values.contains_key(&name) {
                self.values.insert(name, id.to_owned());
            }
        }
    }

    /// Members that are called like a parameter that nobody knows.
    fn members(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let is_parameter = || {
                        let wanted = format!("{{{name}}}");
                        self.templates.iter().any(|template| template.contains(&wanted))
                    };
                    match member {
                        Value::String(text) if is_parameter() => {
                            self.values.entry(name.clone()).or_insert_with(|| text.clone());
                        }
                        other => self.members(other),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.members(item)),
            _ => {}
        }
    }
}

/// `name` of `{name}`.
pub(super) fn parameter(part: &str) -> Option<&str> {
    let name = part.strip_prefix('{')?.strip_suffix('}')?;
    Some(name.trim_start_matches('*'))
}
