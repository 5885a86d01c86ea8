//! What is not for clients: a page for people, and addresses for people and tests. They are neither logged nor struck.

mod json;
mod page;

use simulator_shell::{Method, Reply, Request, StatusCode, reply::problem};

use crate::vendor::Desk;

pub(crate) use page::sections;

/// What an address answers; an error is an answer too.
type Answer = Result<Reply, Box<Reply>>;

const SERVICES: &str = "/v1/simulation/services/";
const ORDERS: &str = "/v1/simulation/orders/";

pub(crate) fn answer(desk: &Desk, request: &Request) -> Option<Reply> {
    let (body, path) = (&*request.body, request.path());
    let answered = match (&request.method, path) {
        (&Method::GET, "/v1/simulation") => json::counts(desk),
        (&Method::GET, "/v1/simulation/orders") => json::orders(desk),
        (&Method::GET, "/v1/simulation/webhooks") => json::webhooks(desk),
        (&Method::GET, "/v1/simulation/markers") => json::markers(desk, request),
        (&Method::PUT, _) if path.starts_with(SERVICES) => {
            json::put_service(desk, &path[SERVICES.len()..], body)
        }
        (&Method::PUT, _) if path.starts_with(ORDERS) => {
            json::put_order(desk, &path[ORDERS.len()..], body)
        }
        (&Method::POST, page::PUT_SERVICE) => page::put_service(desk, body),
        (&Method::POST, page::PUT_ORDER) => page::put_order(desk, body),
        _ => return None,
    };
    Some(answered.unwrap_or_else(|problem| *problem))
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
