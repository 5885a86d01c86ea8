//! The mainframe's address: a page for people, JSON for programs.

mod json;
mod page;
mod status;

use std::sync::Arc;

use http::header::ALLOW;
use simulator_shell::{
    HangUp, Method, Reply, Request, Section, Simulator, StatusCode, reply::problem,
};

use crate::{Faults, intake::Machine};

/// Where one record is.
const RECORDS: &str = "/records/";
/// What is sent here are switches.
const MAX_BODY_BYTES: usize = 64 << 10;

/// What an address answers; an error is an answer too.
type Answer = Result<Reply, Box<Reply>>;

/// The mainframe as its operators see it. Its faults strike messages, not requests.
#[derive(Debug)]
pub(crate) struct Console(Arc<Machine>);

impl Console {
    pub(crate) fn of(machine: Arc<Machine>) -> Self {
        Self(machine)
    }
}

impl Simulator for Console {
    type Faults = Faults;
    const NAME: &'static str = "mainframe";
    const TITLE: &'static str = "Mainframe";
    const ABOUT: &'static str =
        "Takes changed profiles from a queue at its own slow pace, and answers when it likes.";
    const MAX_BODY_BYTES: usize = MAX_BODY_BYTES;

    /// Its interface is two queues: over HTTP there is nothing but its console.
    async fn api(&self, request: Request, _faults: Faults) -> Result<Reply, HangUp> {
        Ok(not_here(&request))
    }

    async fn control(&self, request: &Request) -> Option<Reply> {
        let (machine, body) = (&*self.0, &*request.body);
        let answered = match (&request.method, request.path()) {
            (&Method::GET, "/status") => Ok(json::status(machine).await),
            (&Method::GET, "/records") => json::records(machine, request.query()),
            (&Method::GET, "/pace") => Ok(json::pace(machine)),
            (&Method::PUT, "/pace") => json::put_pace(machine, body),
            (&Method::PUT, "/snapshot") => json::snapshot(machine),
            (&Method::POST, "/restore") => json::restore(machine, body),
            (&Method::POST, "/page/pace") => page::set_pace(machine, body),
            (&Method::POST, "/page/snapshot") => page::take_snapshot(machine),
            (&Method::POST, "/page/restore") => page::restore(machine, body),
            (&Method::GET, path) => match path.strip_prefix(RECORDS) {
                Some(profile_id) => json::record(machine, profile_id),
                None => Ok(not_here(request)),
            },
            _ => Ok(not_here(request)),
        };
        Some(answered.unwrap_or_else(|problem| *problem))
    }

    async fn sections(&self, query: &str) -> Vec<Section> {
        page::sections(&self.0, query).await
    }
}

fn not_here(request: &Request) -> Reply {
    let allowed = match request.path() {
        "/pace" => "GET, PUT",
        "/snapshot" => "PUT",
        "/restore" | "/page/pace" | "/page/snapshot" | "/page/restore" => "POST",
        "/status" | "/records" => "GET",
        path if path.starts_with(RECORDS) => "GET",
        _ => {
            let detail = "there is /, /records, /records/{profileId}, /status, /pace, /faults, /snapshot, /restore and /health";
            return problem(StatusCode::NOT_FOUND, detail);
        }
    };
    let detail = format!("{} is none of {allowed}", request.method);
    let mut refusal = problem(StatusCode::METHOD_NOT_ALLOWED, detail);
    refusal.headers_mut().insert(ALLOW, http::HeaderValue::from_static(allowed));
    refusal
}
