//! Holds a request against its operation.

mod body;
mod form;
pub(crate) mod media;
mod parameters;
pub(crate) mod prefer;
mod scalar;
mod security;
mod styles;

use bytes::Bytes;
use http::{HeaderMap, Request};

use crate::{
    Contract, Operation,
    problem::{
        INVALID_BODY, INVALID_HEADER, INVALID_PARAMETER, Kind, Mistake, PRECONDITION_REQUIRED,
        Place, Problem,
    },
    routes::Captured,
    schemas::BadSchema,
};

/// Why a request is not answered.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The client has to do something.
    Client(Problem),
    /// The contract has.
    Contract(BadSchema),
}

impl From<BadSchema> for Refusal {
    fn from(bad: BadSchema) -> Self {
        Self::Contract(bad)
    }
}

/// What a request is, as far as its parameters go.
pub(crate) struct Incoming<'a> {
    pub(crate) captured: &'a Captured,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
}

/// Refuses a request that the operation does not take, and names all that is wrong with it.
pub(crate) fn check(
    contract: &Contract,
    operation: &Operation,
    captured: &Captured,
    request: &Request<Bytes>,
) -> Result<(), Refusal> {
    let schemas = &contract.requests;
    security::check(schemas, operation, request)?;
    let incoming = Incoming {
        captured,
        query: request.uri().query().unwrap_or_default(),
        headers: request.headers(),
    };
    let mut mistakes = parameters::check(schemas, operation, &incoming)?;
    let body = body::check(schemas, &operation.pointer, request);
    match body {
        Ok(deviations) => mistakes.extend(deviations),
        Err(body::Refused::Body(problem)) if mistakes.is_empty() => {
            return Err(Refusal::Client(problem));
        }
        Err(body::Refused::Body(problem)) => mistakes.extend(problem.mistakes),
        Err(body::Refused::Contract(bad)) => return Err(Refusal::Contract(bad)),
    }
    if mistakes.is_empty() {
        return Ok(());
    }
    mistakes.sort_by_key(|mistake| match mistake.place {
        Place::Parameter => 0,
        Place::Header => 1,
        Place::Pointer => 2,
    });
    Err(Refusal::Client(Problem::of(kind(&mistakes), mistakes)))
}

/// The first thing that a server would complain about.
fn kind(mistakes: &[Mistake]) -> Kind {
    let is_if_match = |mistake: &Mistake| {
        mistake.at.eq_ignore_ascii_case("If-Match") && mistake.detail == parameters::MISSING
    };
    match mistakes[0].place {
        Place::Parameter => INVALID_PARAMETER,
        Place::Header if mistakes.len() == 1 && is_if_match(&mistakes[0]) => PRECONDITION_REQUIRED,
        Place::Header => INVALID_HEADER,
        Place::Pointer => INVALID_BODY,
    }
}
