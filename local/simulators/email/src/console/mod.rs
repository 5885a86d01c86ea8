//! What is not the protocol: the mailbox for people, and addresses for people and tests. They are neither logged nor
//! struck.

mod json;
mod page;
mod view;

use simulator_shell::{Method, Reply, Request, StatusCode, reply::problem};

use crate::desk::Desk;

pub(crate) use page::sections;

/// What an address answers; an error is an answer too.
type Answer = Result<Reply, Box<Reply>>;

const MAILS: &str = "/mails/";
const MAILS_AS_JSON: &str = "/v1/simulation/mails/";

pub(crate) fn answer(desk: &Desk, request: &Request) -> Option<Reply> {
    let (body, path) = (&*request.body, request.path());
    let answered = match (&request.method, path) {
        (&Method::GET, "/mails.css") => Ok(view::style()),
        (&Method::GET, "/v1/simulation") => Ok(json::counts(desk)),
        (&Method::GET, "/v1/simulation/mails") => json::mails(desk, request),
        (&Method::DELETE, "/v1/simulation/mails") => json::forget(desk),
        (&Method::POST, "/v1/simulation/reports") => json::report(desk, body),
        (&Method::GET, _) if path.starts_with(MAILS_AS_JSON) => {
            json::mail(desk, &path[MAILS_AS_JSON.len()..])
        }
        (&Method::GET, _) if path.starts_with(MAILS) => view::answer(desk, &path[MAILS.len()..]),
        _ => return None,
    };
    Some(answered.unwrap_or_else(|problem| *problem))
}

fn bad(detail: impl Into<String>) -> Box<Reply> {
    Box::new(problem(StatusCode::BAD_REQUEST, detail))
}

fn no_mail() -> Box<Reply> {
    Box::new(problem(StatusCode::NOT_FOUND, "there is no such mail"))
}

fn not_kept(error: impl std::fmt::Display) -> Box<Reply> {
    Box::new(problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}
