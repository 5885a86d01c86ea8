//! The body: its type, whether it can be read, and its schema.

use bytes::Bytes;
use http::{
    Request,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE},
};
use serde_json::Value;

use super::{form, media};
use crate::{
    problem::{INVALID_JSON, Mistake, Place, Problem, UNSUPPORTED_MEDIA_TYPE},
    reading::escaped,
    schemas::{BadSchema, Schemas},
};

/// Why a body is not held against its schema.
pub(super) enum Refused {
    /// It is of another type, or cannot be read.
    Body(Problem),
    /// The schema is none.
    Contract(BadSchema),
}

impl From<BadSchema> for Refused {
    fn from(bad: BadSchema) -> Self {
        Self::Contract(bad)
    }
}

/// What of the body is not as the schema says. An operation without a body takes any.
pub(super) fn check(
    schemas: &Schemas,
    operation: &str,
    request: &Request<Bytes>,
) -> Result<Vec<Mistake>, Refused> {
    let Some((at, wanted)) = schemas.at(&format!("{operation}/requestBody")) else {
        return Ok(Vec::new());
    };
    let body = request.body();
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if body.is_empty() && wanted["required"] != true {
        return Ok(Vec::new());
    }
    let known: Vec<String> = wanted["content"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(media, _)| media.clone())
        .collect();
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let plain = |value: &http::HeaderValue| {
        value.is_empty() || value.as_bytes().eq_ignore_ascii_case(b"identity")
    };
    if !request.headers().get_all(CONTENT_ENCODING).iter().all(plain) {
        return Err(wrong_type(
            "Content-Encoding",
            "is not identity",
            "send the body as it is, without Content-Encoding",
            "*/*",
        ));
    }
    let list = known.join(", ");
    let is_read = |given: &&str| !media::is_json(given) || media::is_utf_8(given);
    let found = content_type.filter(is_read).and_then(|given| media::find(&known, given));
    let Some(media) = found else {
        let what = content_type.map_or("is missing".to_owned(), |given| format!("is {given}"));
        let remedy = format!("send the body with Content-Type: {}", known.join(" or "));
        return Err(wrong_type("Content-Type", &what, &remedy, &list));
    };
    let given = content_type.unwrap_or_default();
    let at = format!("{at}/content/{}", escaped(media));
    let schema = schemas.child(&at, "schema");
    let value = if media::is_json(given) {
        Some(json(body)?)
    } else {
        form::read(schemas, schema.as_deref(), given, body)?
    };
    let (Some(schema), Some(value)) = (schema, value) else { return Ok(Vec::new()) };
    let deviations = schemas.deviations(&schema, &value)?.into_iter();
    Ok(deviations.map(|one| Mistake::new(Place::Pointer, one.pointer, one.detail)).collect())
}

fn wrong_type(header: &str, what: &str, remedy: &str, accepted: &str) -> Refused {
    let mut problem = Problem::new(UNSUPPORTED_MEDIA_TYPE, remedy).header(ACCEPT, accepted);
    problem.mistakes.push(Mistake::new(Place::Header, header, what));
    Refused::Body(problem)
}

fn json(body: &[u8]) -> Result<Value, Refused> {
    serde_json::from_slice(body).map_err(|error| {
        let detail = if body.is_empty() {
            "the body is empty; send a JSON document".to_owned()
        } else {
            format!("{error}; correct the JSON there")
        };
        let mut problem = Problem::new(INVALID_JSON, detail.clone());
        problem.mistakes.push(Mistake::new(Place::Pointer, "", detail));
        Refused::Body(problem)
    })
}
