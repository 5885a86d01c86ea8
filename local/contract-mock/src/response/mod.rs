//! Which response of an operation is given, and how it looks.

mod body;
mod choice;
mod headers;

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Request, Response,
    header::{ACCEPT, CONTENT_TYPE},
};
use serde_json::Value;

use crate::{
    Contract, Operation,
    problem::{INVALID_HEADER, Mistake, NOT_ACCEPTABLE, Place, Problem},
    reading::escaped,
    request::{Refusal, media, prefer::Prefer},
};
use choice::Chosen;

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// From here on an answer is a refusal, which a client gets whatever it accepts.
const FIRST_REFUSAL: u16 = 400;

/// What a body is made of.
struct Shown {
    media: String,
    value: Value,
    complaint: Option<String>,
}

/// The response that the operation gives to this request, and what the contract's author should know.
pub(crate) fn respond(
    contract: &Contract,
    operation: &Operation,
    request: &Request<Bytes>,
    prefer: &Prefer,
) -> Result<(Response<Bytes>, Option<String>), Refusal> {
    let schemas = &contract.responses;
    let chosen =
        choice::response(schemas, operation, prefer.get("code")).map_err(Refusal::Client)?;
    let accept: Vec<&str> =
        request.headers().get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = (!accept.is_empty()).then(|| accept.join(", "));
    let shown =
        match media_of(schemas.value(&chosen.pointer), chosen.status.as_u16(), accept.as_deref()) {
            Ok(None) => None,
            Ok(Some(media)) => {
                let at = format!("{}/content/{}", chosen.pointer, escaped(&media));
                Some(body::shown(schemas, &at, media, prefer.get("example"))?)
            }
            Err(problem) => return Err(Refusal::Client(problem)),
        };
    if shown.is_none()
        && let Some(name) = prefer.get("example")
    {
        return Err(Refusal::Client(unknown_example(name, &chosen, &[])));
    }
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = chosen.status;
    headers::add(schemas, &chosen, request.uri().path(), shown.as_ref(), response.headers_mut());
    let mut complaint = None;
    if let Some(shown) = shown {
        if let Ok(media) = HeaderValue::from_str(&shown.media) {
            response.headers_mut().insert(CONTENT_TYPE, media);
        }
        *response.body_mut() = body::bytes(&shown);
        complaint =
            shown.complaint.map(|what| format!("{} {}: {what}", operation.method, operation.path));
    }
    let applied = ["example", "code"]
        .iter()
        .filter_map(|name| Some(format!("{name}={}", word(prefer.get(name)?))));
    let applied = applied.collect::<Vec<_>>().join(", ");
    if let (false, Ok(applied)) = (applied.is_empty(), HeaderValue::from_str(&applied)) {
        response.headers_mut().insert(PREFERENCE_APPLIED, applied);
    }
    Ok((response, complaint))
}

/// A value as RFC 7240 writes it: in quotes unless it is a token.
fn word(value: &str) -> String {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if !value.is_empty() && value.chars().all(is_token) {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// The type that the client gets; nothing if the response has no body.
fn media_of(
    response: &Value,
    status: u16,
    accept: Option<&str>,
) -> Result<Option<String>, Problem> {
    let known: Vec<String> = response["content"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(media, _)| media.clone())
        .collect();
    if known.is_empty() {
        return Ok(None);
    }
    match media::accepted(&known, accept) {
        Some(media) => Ok(Some(media.clone())),
        None if status >= FIRST_REFUSAL => Ok(known.into_iter().next()),
        None => {
            let list = known.join(", ");
            Err(Problem::of(
                NOT_ACCEPTABLE,
                vec![Mistake::new(Place::Header, "Accept", format!("must take one of {list}"))],
            ))
        }
    }
}

/// 400 that lists what there is.
fn unknown_example(name: &str, chosen: &Chosen, known: &[String]) -> Problem {
    let there = if known.is_empty() {
        "has no named examples".to_owned()
    } else {
        format!("has {}", known.join(", "))
    };
    let detail =
        format!("there is no example {name:?}: the answer {} {there}", chosen.status.as_u16());
    Problem::of(INVALID_HEADER, vec![Mistake::new(Place::Header, "Prefer", detail)])
}
