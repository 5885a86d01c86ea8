//! Parameters: in the path, the query, headers and cookies.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE};
use serde_json::Value;

use super::{
    Incoming,
    styles::{Writing, Written},
};
use crate::{
    Operation,
    problem::{Mistake, Place},
    routes::decoded,
    schemas::{BadSchema, Schemas},
};

/// What is said of a parameter that must be there.
pub(super) const MISSING: &str = "is required";

/// A parameter of an operation.
struct Parameter<'a> {
    pointer: String,
    value: &'a Value,
    name: &'a str,
    location: &'a str,
}

/// What is wrong with the parameters of a request.
pub(super) fn check(
    schemas: &Schemas,
    operation: &Operation,
    incoming: &Incoming<'_>,
) -> Result<Vec<Mistake>, BadSchema> {
    let mut mistakes = Vec::new();
    for parameter in of(schemas, operation) {
        let place = if parameter.location == "header" { Place::Header } else { Place::Parameter };
        let mut wrong = |at: &str, detail: String| {
            mistakes.push(Mistake::new(place, format!("{}{at}", parameter.name), detail));
        };
        let (value, schema) = match parameter.read(schemas, incoming)? {
            Found::Missing if parameter.value["required"] == true => {
                wrong("", MISSING.to_owned());
                continue;
            }
            Found::Missing | Found::Anything => continue,
            Found::Wrong(detail) => {
                wrong("", detail);
                continue;
            }
            Found::Value(value, schema) => (value, schema),
        };
        for deviation in schemas.deviations(&schema, &value)? {
            wrong(&deviation.pointer, deviation.detail);
        }
    }
    Ok(mistakes)
}

/// Those of the operation and those of its path that it does not replace.
fn of<'a>(schemas: &'a Schemas, operation: &Operation) -> Vec<Parameter<'a>> {
    let mut all: Vec<Parameter<'a>> = Vec::new();
    for owner in [&operation.pointer, &operation.item] {
        let list = format!("{owner}/parameters");
        let count = schemas.value(&list).as_array().map_or(0, Vec::len);
        for index in 0..count {
            let Some((pointer, value)) = schemas.at(&format!("{list}/{index}")) else { continue };
            let text = |key: &str| value[key].as_str().unwrap_or_default();
            let (name, location) = (text("name"), text("in"));
            // OpenAPI says of these elsewhere what they are (OpenAPI 3.1, section 4.8.12.2.1).
            let is_elsewhere = location == "header"
                && [ACCEPT, AUTHORIZATION, CONTENT_TYPE]
                    .iter()
                    .any(|header| header.as_str().eq_ignore_ascii_case(name));
            let is_known = all.iter().any(|known| known.name == name && known.location == location);
            if !is_known && !is_elsewhere {
                all.push(Parameter { pointer, value, name, location });
            }
        }
    }
    all
}

/// What a request has for a parameter.
enum Found {
    Missing,
    /// An empty value that is allowed whatever the schema says.
    Anything,
    Value(Value, String),
    Wrong(String),
}

impl Parameter<'_> {
    fn read(&self, schemas: &Schemas, incoming: &Incoming<'_>) -> Result<Found, BadSchema> {
        if self.value["content"].is_object() {
            return Ok(self.document(schemas, incoming));
        }
        let Some(schema) = schemas.child(&self.pointer, "schema") else {
            return Ok(if self.texts(incoming).is_empty() {
                Found::Missing
            } else {
                Found::Anything
            });
        };
        let usual = if matches!(self.location, "query" | "cookie") { "form" } else { "simple" };
        let style = self.value["style"].as_str().unwrap_or(usual);
        let explode = self.value["explode"].as_bool().unwrap_or(style == "form");
        let writing = Writing { schemas, schema: &schema, name: self.name, style, explode };
        if self.location == "query" {
            let pairs = query_pairs(incoming.query);
            let is_empty = self.texts(incoming) == [""];
            if is_empty && self.value["allowEmptyValue"] == true {
                return Ok(Found::Anything);
            }
            return Ok(match writing.of_query(&pairs)? {
                Written::Missing => Found::Missing,
                Written::Repeated => Found::Wrong("is given more than once".to_owned()),
                Written::Value(value) => Found::Value(value, schema),
            });
        }
        let texts = self.texts(incoming);
        match texts.as_slice() {
            [] => Ok(Found::Missing),
            [one] => Ok(Found::Value(writing.of_text(one)?, schema)),
            // A header may stand on several lines, a cookie may repeat: they are one list.
            several => Ok(Found::Value(writing.of_text(&several.join(","))?, schema)),
        }
    }

    /// A parameter whose value is a document of its own.
    fn document(&self, schemas: &Schemas, incoming: &Incoming<'_>) -> Found {
        let texts = self.texts(incoming);
        let Some(text) = texts.first() else { return Found::Missing };
        let Some(media) =
            self.value["content"].as_object().and_then(|content| content.keys().next())
        else {
            return Found::Anything;
        };
        let at = format!("{}/content/{}", self.pointer, crate::reading::escaped(media));
        let Some(schema) = schemas.child(&at, "schema") else { return Found::Anything };
        if !super::media::is_json(media) {
            return Found::Value(Value::String(decoded(text)), schema);
        }
        match serde_json::from_str(&decoded(&text.replace('+', " "))) {
            Ok(value) => Found::Value(value, schema),
            Err(error) => Found::Wrong(format!("must be JSON: {error}")),
        }
    }

    /// The texts that a request has for it, still encoded.
    fn texts(&self, incoming: &Incoming<'_>) -> Vec<String> {
        let named = |pairs: Vec<(String, String)>| {
            let mine = pairs.into_iter().filter(|(name, _)| decoded(name) == self.name);
            mine.map(|(_, value)| value).collect()
        };
        match self.location {
            "path" => named(incoming.captured.clone()),
            "query" => named(query_pairs(incoming.query)),
            "cookie" => named(cookies(incoming)),
            _ => {
                let values = incoming.headers.get_all(self.name).iter();
                // A header is not encoded; what looks so stays as it is.
                let text = |value: &http::HeaderValue| {
                    String::from_utf8_lossy(value.as_bytes()).replace('%', "%25")
                };
                values.map(text).collect()
            }
        }
    }
}

fn query_pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.replace('+', " "), value.to_owned()))
        .collect()
}

fn cookies(incoming: &Incoming<'_>) -> Vec<(String, String)> {
    let lines = incoming.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let cookies =
        lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    cookies.map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned())).collect()
}
