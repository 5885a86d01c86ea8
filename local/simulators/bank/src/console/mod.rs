//! What is not for programs of other companies: a person's page, and addresses for people and tests.

mod authorize;
mod json;
mod page;

use http::{HeaderValue, header::ALLOW};
use simulator_shell::{Method, Reply, Request, StatusCode, reply::problem};

use crate::bank::Desk;

pub(crate) use authorize::authorize;
pub(crate) use page::sections;

/// What an address answers; an error is an answer too.
type Answer = Result<Reply, Box<Reply>>;

/// Where a client's addresses are registered.
const CLIENTS: &str = "/v1/simulation/clients/";

/// Answers what is neither logged nor struck.
pub(crate) fn answer(desk: &Desk, request: &Request) -> Option<Reply> {
    let (body, path) = (&*request.body, request.path());
    let answered = match (&request.method, path) {
        (&Method::GET, "/.well-known/oauth-authorization-server") => Ok(json::metadata(desk)),
        (&Method::POST, "/v1/simulation/tokens") => json::tokens(desk, body),
        (&Method::POST, "/v1/simulation/withdrawals") => json::withdrawals(desk, body),
        (&Method::GET, "/v1/simulation/customers") => Ok(json::customers(desk)),
        (&Method::GET, "/v1/simulation/markers") => json::markers(desk, request),
        (&Method::GET, "/v1/simulation/counters") => Ok(json::counters(desk)),
        (&Method::DELETE, "/v1/simulation/counters") => {
            desk.counters.forget();
            Ok(json::counters(desk))
        }
        (&Method::PUT, _) if path.starts_with(CLIENTS) => {
            json::client(desk, &path[CLIENTS.len()..], body)
        }
        _ => return None,
    };
    Some(answered.unwrap_or_else(|problem| *problem))
}

pub(crate) fn not_here() -> Reply {
    let detail = "there is /par, /authorize, /token, /revoke, /accounts, /accounts/{id}/transactions, \
                  /.well-known/oauth-authorization-server, POST /v1/simulation/tokens, /v1/simulation/consents and \
                  /v1/simulation/withdrawals, GET /v1/simulation/customers, /v1/simulation/markers and \
                  /v1/simulation/counters, PUT /v1/simulation/clients/{id}, /, /faults, /log and /health";
    problem(StatusCode::NOT_FOUND, detail)
}

pub(crate) fn not_allowed(methods: &'static str) -> Reply {
    let detail = format!("the method is one of {methods}");
    let mut reply = problem(StatusCode::METHOD_NOT_ALLOWED, detail);
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    reply
}

fn bad(detail: impl Into<String>) -> Box<Reply> {
    Box::new(problem(StatusCode::BAD_REQUEST, detail))
}

fn not_kept(error: impl std::fmt::Display) -> Box<Reply> {
    Box::new(problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Box<Reply>> {
    serde_json::from_slice(body).map_err(|error| bad(format!("the body: {error}")))
}
