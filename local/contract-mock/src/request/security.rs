//! Whether a request shows what its operation asks for. What it shows is not checked: there is nobody to ask.

use bytes::Bytes;
use http::{
    Request,
    header::{AUTHORIZATION, COOKIE, WWW_AUTHENTICATE},
};
use serde_json::Value;

use super::Refusal;
use crate::{
    Operation,
    problem::{Mistake, NOT_SIGNED_IN, Place, Problem},
    reading::escaped,
    routes::decoded,
    schemas::Schemas,
};

/// Refuses a request that shows nothing of what the operation, or else the contract, asks for.
pub(super) fn check(
    schemas: &Schemas,
    operation: &Operation,
    request: &Request<Bytes>,
) -> Result<(), Refusal> {
    let own = schemas.value(&format!("{}/security", operation.pointer));
    let wanted = if own.is_array() { own } else { schemas.value("/security") };
    let Some(choices) = wanted.as_array().filter(|choices| !choices.is_empty()) else {
        return Ok(());
    };
    let scheme =
        |name: &String| schemas.value(&format!("/components/securitySchemes/{}", escaped(name)));
    let is_shown = |choice: &Value| {
        let schemes = choice.as_object().into_iter().flatten();
        schemes.map(|(name, _)| scheme(name)).all(|scheme| shows(request, scheme))
    };
    if choices.iter().any(is_shown) {
        return Ok(());
    }
    let names: Vec<&Value> = choices
        .iter()
        .filter_map(Value::as_object)
        .flatten()
        .map(|(name, _)| scheme(name))
        .collect();
    let mut problem = Problem::new(
        NOT_SIGNED_IN,
        "show one of what is named in `errors`; any value will do here",
    );
    problem.mistakes = names.iter().map(|scheme| missing(scheme)).collect();
    if names.iter().any(|scheme| scheme["type"] != "apiKey") {
        let is_basic = |scheme: &&Value| {
            scheme["scheme"].as_str().is_some_and(|one| one.eq_ignore_ascii_case("basic"))
        };
        let challenge = if names.iter().all(is_basic) { "Basic" } else { "Bearer" };
        problem = problem.header(WWW_AUTHENTICATE, challenge);
    }
    Err(Refusal::Client(problem))
}

fn shows(request: &Request<Bytes>, scheme: &Value) -> bool {
    let headers = request.headers();
    let name = scheme["name"].as_str().unwrap_or_default();
    match (scheme["type"].as_str(), scheme["in"].as_str()) {
        (Some("apiKey"), Some("header")) => headers.contains_key(name),
        (Some("apiKey"), Some("query")) => {
            let pairs = request.uri().query().unwrap_or_default().split('&');
            pairs
                .into_iter()
                .any(|pair| decoded(pair.split('=').next().unwrap_or_default()) == name)
        }
        (Some("apiKey"), _) => {
            let cookies = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
            cookies
                .flat_map(|line| line.split(';'))
                .any(|cookie| cookie.trim().split('=').next() == Some(name))
        }
        (Some("http"), _) => {
            let wanted = scheme["scheme"].as_str().unwrap_or("bearer");
            let given = headers
                .get(AUTHORIZATION)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            given.split(' ').next().is_some_and(|given| given.eq_ignore_ascii_case(wanted))
        }
        (Some("mutualTLS"), _) => true,
        _ => headers.contains_key(AUTHORIZATION),
    }
}

fn missing(scheme: &Value) -> Mistake {
    let name = scheme["name"].as_str().unwrap_or_default();
    match (scheme["type"].as_str(), scheme["in"].as_str()) {
        (Some("apiKey"), Some("header")) => Mistake::new(Place::Header, name, "is required"),
        (Some("apiKey"), _) => Mistake::new(Place::Parameter, name, "is required"),
        _ => {
            let kind = scheme["scheme"].as_str().unwrap_or("Bearer");
            Mistake::new(Place::Header, "Authorization", format!("is required: {kind} …"))
        }
    }
}
