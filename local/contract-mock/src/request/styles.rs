//! How arrays and objects are written into paths, queries, headers and cookies (OpenAPI 3.1, section 4.8.12.4).

use serde_json::{Map, Value};

use super::scalar;
use crate::{
    routes::decoded,
    schemas::{BadSchema, Schemas},
};

/// What a schema is written as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar,
    Array,
    Object,
}

/// Where to look for a value and how it is written there.
pub(super) struct Writing<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) schema: &'a str,
    pub(super) name: &'a str,
    pub(super) style: &'a str,
    pub(super) explode: bool,
}

/// What was found: nothing, or a value, or a scalar that was written several times.
pub(super) enum Written {
    Missing,
    Value(Value),
    Repeated,
}

pub(super) fn shape(schemas: &Schemas, schema: &str) -> Shape {
    let types = schemas.types(schema);
    match (types.contains("array"), types.contains("object")) {
        (true, _) => Shape::Array,
        (_, true) => Shape::Object,
        _ => Shape::Scalar,
    }
}

impl Writing<'_> {
    /// Of a text that holds the whole value, still encoded: a part of a path, a header, a cookie.
    pub(super) fn of_text(&self, text: &str) -> Result<Value, BadSchema> {
        let (text, separator) = match self.style {
            "label" => {
                (text.strip_prefix('.').unwrap_or(text), if self.explode { "." } else { "," })
            }
            "matrix" => {
                (text.strip_prefix(';').unwrap_or(text), if self.explode { ";" } else { "," })
            }
            _ => (text, ","),
        };
        let prefix = format!("{}=", self.name);
        let bare =
            |part: &str| part.strip_prefix(&prefix).map_or_else(|| part.to_owned(), str::to_owned);
        match shape(self.schemas, self.schema) {
            Shape::Scalar if self.style == "matrix" => self.scalar(self.schema, &bare(text)),
            Shape::Scalar => self.scalar(self.schema, text),
            Shape::Array if self.style == "matrix" => {
                let parts: Vec<String> = text.split(separator).map(bare).collect();
                self.array(parts.iter().map(String::as_str))
            }
            Shape::Array => self.array(text.split(separator)),
            Shape::Object if self.explode => {
                let pairs =
                    text.split(separator).map(|part| part.split_once('=').unwrap_or((part, "")));
                self.object(pairs)
            }
            Shape::Object => self.object(in_turn(&bare(text).split(separator).collect::<Vec<_>>())),
        }
    }

    /// Of the pairs of a query, names and values still encoded.
    pub(super) fn of_query(&self, pairs: &[(String, String)]) -> Result<Written, BadSchema> {
        let mine: Vec<&str> = pairs
            .iter()
            .filter(|(name, _)| decoded(name) == self.name)
            .map(|(_, value)| value.as_str())
            .collect();
        let shape = shape(self.schemas, self.schema);
        if shape == Shape::Object && (self.style == "deepObject" || self.explode) {
            return self.members(pairs);
        }
        let Some(first) = mine.first() else { return Ok(Written::Missing) };
        let value = match shape {
            Shape::Scalar if mine.len() > 1 => return Ok(Written::Repeated),
            Shape::Scalar => self.scalar(self.schema, first)?,
            Shape::Array if self.explode => self.array(mine.into_iter())?,
            Shape::Array => self.array(mine.iter().flat_map(|text| self.split(text)))?,
            Shape::Object => self.object(in_turn(&self.split(first)))?,
        };
        Ok(Written::Value(value))
    }

    fn has_texts(&self) -> bool {
        let items = self.schemas.items(self.schema);
        items.is_none_or(|items| self.schemas.types(&items).contains("string"))
    }

    fn split<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let separators: &[&str] = match self.style {
            "spaceDelimited" => &["%20", "+", " "],
            "pipeDelimited" => &["|", "%7C", "%7c"],
            // Many clients encode every comma; one in a text is meant to stay there.
            _ if self.has_texts() => &[","],
            _ => &[",", "%2C", "%2c"],
        };
        let used = separators.iter().find(|separator| text.contains(**separator));
        used.map_or_else(|| vec![text], |separator| text.split(*separator).collect())
    }

    /// An object of which each member is a parameter: `filter[state]=open` or, in a form, `state=open`.
    fn members(&self, pairs: &[(String, String)]) -> Result<Written, BadSchema> {
        let properties = self.schemas.properties(self.schema);
        let mut object: Map<String, Value> = Map::new();
        for (name, value) in pairs {
            let name = decoded(name);
            let member = if self.style == "deepObject" {
                let inner = name.strip_prefix(self.name).and_then(|rest| rest.strip_prefix('['));
                inner.and_then(|rest| rest.strip_suffix(']')).map(str::to_owned)
            } else {
                properties.iter().any(|(known, _)| *known == name).then_some(name)
            };
            let Some(member) = member else { continue };
            // `tags[]` is how some write a list.
            let member = member.strip_suffix("][").map_or(member.clone(), str::to_owned);
            let of_member = properties.iter().find(|(known, _)| *known == member);
            let schema = of_member
                .map(|(_, schema)| schema.clone())
                .or_else(|| self.schemas.others(self.schema));
            let is_list =
                schema.as_ref().is_some_and(|schema| shape(self.schemas, schema) == Shape::Array);
            let item = if is_list {
                schema.as_ref().and_then(|schema| self.schemas.items(schema))
            } else {
                schema
            };
            let value = match item {
                Some(item) => self.scalar(&item, value)?,
                None => Value::String(decoded_in_query(value)),
            };
            match object.get_mut(&member) {
                Some(Value::Array(items)) => items.push(value),
                Some(other) => *other = Value::Array(vec![other.take(), value]),
                None if is_list => {
                    object.insert(member, Value::Array(vec![value]));
                }
                None => {
                    object.insert(member, value);
                }
            }
        }
        Ok(if object.is_empty() { Written::Missing } else { Written::Value(Value::Object(object)) })
    }

    fn scalar(&self, schema: &str, text: &str) -> Result<Value, BadSchema> {
        let is_query =
            matches!(self.style, "form" | "spaceDelimited" | "pipeDelimited" | "deepObject");
        let text = if is_query { decoded_in_query(text) } else { decoded(text) };
        scalar::value(self.schemas, schema, &text)
    }

    fn array<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Result<Value, BadSchema> {
        let items = self.schemas.items(self.schema);
        let item = |text: &str| match &items {
            Some(items) => self.scalar(items, text.trim()),
            None => Ok(Value::String(decoded(text.trim()))),
        };
        texts.filter(|text| !text.is_empty()).map(item).collect()
    }

    fn object<'t>(
        &self,
        pairs: impl Iterator<Item = (&'t str, &'t str)>,
    ) -> Result<Value, BadSchema> {
        let properties = self.schemas.properties(self.schema);
        let mut object = Map::new();
        for (name, text) in pairs {
            let name = decoded(name);
            let of_member = properties
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, schema)| schema.clone());
            let value = match of_member.or_else(|| self.schemas.others(self.schema)) {
                Some(schema) => self.scalar(&schema, text)?,
                None => Value::String(decoded(text)),
            };
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// Names and values in turn: `R,100,G,200`.
fn in_turn<'t>(parts: &[&'t str]) -> impl Iterator<Item = (&'t str, &'t str)> {
    let pairs: Vec<_> =
        parts.chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or_default())).collect();
    pairs.into_iter()
}

/// In a query a plus is a space.
fn decoded_in_query(text: &str) -> String {
    decoded(&text.replace('+', " "))
}
