//! Which address is what.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header::ALLOW};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;

use super::{
    access, form, json, page,
    reply::{self, Reply},
    status::Status,
};
use crate::intake::Machine;

/// The largest body of a request.
const MAX_BODY_BYTES: usize = 64 << 10;
/// How long a body may take to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(10);
/// Where one record is.
const RECORDS: &str = "/records/";

/// Answers a request.
pub(super) async fn answer(machine: &Machine, request: Request<Incoming>) -> Reply {
    if let Err(refusal) = access::admit(&request) {
        return *refusal;
    }
    let (head, body) = request.into_parts();
    let body = match read(body).await {
        Ok(body) => body,
        Err(detail) => return reply::problem(StatusCode::BAD_REQUEST, detail),
    };
    let query = head.uri.query().unwrap_or_default();
    let answered = match (&head.method, head.uri.path()) {
        (&Method::GET, path) => get(machine, path, query).await,
        (&Method::PUT, "/pace") => json::put_pace(machine, &body),
        (&Method::PUT, "/faults") => json::put_faults(machine, &body),
        (&Method::PUT, "/snapshot") => json::snapshot(machine),
        (&Method::POST, "/restore") => json::restore(machine, &body),
        (&Method::POST, "/page/pace") => form::pace(machine, &body),
        (&Method::POST, "/page/faults") => form::faults(machine, &body),
        (&Method::POST, "/page/snapshot") => form::snapshot(machine),
        (&Method::POST, "/page/restore") => form::restore(machine, &body),
        _ => not_here(&head.method, head.uri.path()),
    };
    answered.unwrap_or_else(|problem| *problem)
}

async fn get(machine: &Machine, path: &str, query: &str) -> Result<Reply, Box<Reply>> {
    match path {
        "/" => page::page(machine, query).await,
        "/page.css" => {
            Ok(reply::asset("text/css; charset=utf-8", include_str!("templates/page.css")))
        }
        "/page.js" => {
            Ok(reply::asset("text/javascript; charset=utf-8", include_str!("templates/page.js")))
        }
        "/health" => Ok(json::health()),
        "/status" => Ok(reply::json(&Status::of(machine).await)),
        "/records" => json::records(machine, query),
        "/pace" => Ok(reply::json(&machine.controls.pace())),
        "/faults" => Ok(reply::json(&machine.controls.faults())),
        path => match path.strip_prefix(RECORDS) {
            Some(profile_id) => json::record(machine, profile_id),
            None => not_here(&Method::GET, path),
        },
    }
}

fn not_here(method: &Method, path: &str) -> Result<Reply, Box<Reply>> {
    let allowed = match path {
        "/pace" | "/faults" => "GET, PUT",
        "/snapshot" => "PUT",
        "/restore" | "/page/pace" | "/page/faults" | "/page/snapshot" | "/page/restore" => "POST",
        "/" | "/health" | "/status" | "/records" => "GET",
        path if path.starts_with(RECORDS) => "GET",
        _ => {
            let detail = "there is /, /records, /records/{profileId}, /status, /pace, /faults, /snapshot, /restore and /health";
            return Err(Box::new(reply::problem(StatusCode::NOT_FOUND, detail)));
        }
    };
    let detail = format!("{method} is none of {allowed}");
    let mut refusal = reply::problem(StatusCode::METHOD_NOT_ALLOWED, detail);
    refusal.headers_mut().insert(ALLOW, http::HeaderValue::from_static(allowed));
    Err(Box::new(refusal))
}

async fn read(body: Incoming) -> Result<Bytes, String> {
    let collected = Limited::new(body, MAX_BODY_BYTES).collect();
    match tokio::time::timeout(BODY_DEADLINE, collected).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) => Err(format!("reading the body: {error}; at most {MAX_BODY_BYTES} bytes")),
        Err(_) => Err(format!("reading the body: it did not arrive within {BODY_DEADLINE:?}")),
    }
}
