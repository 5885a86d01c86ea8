//! A schema that was read.

use std::fmt;

use serde_json::Value;

use crate::{avro, json};

/// How a schema is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JSON Schema 2020-12, as far as [`Schema::json`] says.
    Json,
    /// Avro 1.12.
    Avro,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Json => "JSON Schema",
            Self::Avro => "Avro",
        })
    }
}

/// Why a schema cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{schema}{}: {problem}", if place.is_empty() { String::new() } else { format!(" at {place}") })]
pub struct Unreadable {
    /// The schema's name, as it was given.
    pub schema: String,
    /// A JSON pointer into the schema; empty for all of it.
    pub place: String,
    /// What is wrong, and what to write.
    pub problem: String,
}

/// The schema of one version of an event type.
#[derive(Debug, Clone)]
pub struct Schema {
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Json(json::Node),
    Avro(avro::Document),
}

impl Schema {
    /// Reads a JSON Schema of the kind that events have: objects, lists, texts, numbers, enums and their limits, all written
    /// out in one file. `name` is what findings and errors call it.
    ///
    /// # Errors
    /// It is no JSON or no schema, or it has a keyword that is not judged here, which is named: nothing is passed over that
    /// might narrow what a reader takes.
    pub fn json(name: &str, text: &str) -> Result<Self, Unreadable> {
        let read = |value: &Value| json::parse(value).map(Kind::Json);
        Self::read(name, text, read)
    }

    /// Reads an Avro schema. `name` is what findings and errors call it.
    ///
    /// # Errors
    /// It is no JSON, no Avro schema, or one that readers in other languages refuse, such as a default that is not of the
    /// first type of a union.
    pub fn avro(name: &str, text: &str) -> Result<Self, Unreadable> {
        let read = |value: &Value| avro::parse(value).map(Kind::Avro);
        Self::read(name, text, read)
    }

    fn read(
        name: &str,
        text: &str,
        read: impl FnOnce(&Value) -> Result<Kind, Problem>,
    ) -> Result<Self, Unreadable> {
        let unreadable =
            |place: String, problem: String| Unreadable { schema: name.to_owned(), place, problem };
        let value: Value = serde_json::from_str(text)
            .map_err(|error| unreadable(String::new(), format!("no JSON: {error}")))?;
        let kind = read(&value).map_err(|Problem { place, what }| unreadable(place, what))?;
        Ok(Self { name: name.to_owned(), kind })
    }

    /// The name that it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it is written.
    #[must_use]
    pub fn form(&self) -> Form {
        match self.kind {
            Kind::Json(_) => Form::Json,
            Kind::Avro(_) => Form::Avro,
        }
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.kind
    }
}

/// What is wrong with a schema, and where.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) place: String,
    pub(crate) what: String,
}

impl Problem {
    pub(crate) fn new(place: &Place, what: impl Into<String>) -> Self {
        Self { place: place.0.clone(), what: what.into() }
    }
}

/// A JSON pointer (RFC 6901) into a schema.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place(String);

impl Place {
    /// Schemas are nested this deep at most.
    const MAX_DEPTH: usize = 64;

    pub(crate) fn at(&self, key: &str) -> Self {
        Self(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    pub(crate) fn checked(&self) -> Result<(), Problem> {
        if self.0.matches('/').count() > Self::MAX_DEPTH {
            return Err(Problem::new(self, "nested deeper than any event; write it flatter"));
        }
        Ok(())
    }
}
