//! The protocol of Azure Communication Services for e-mail.

mod refused;
mod send;

use http::HeaderValue;
use simulator_shell::{Reply, Request, StatusCode, reply};
use uuid::Uuid;

use crate::{Faults, desk::Desk, operation::Asked};

pub(crate) use refused::{Refused, not_here};

/// Versions of the protocol that are spoken; the parts of it that we know are the same in both.
const VERSIONS: [&str; 2] = ["2025-09-01", "2023-03-31"];
/// When to ask again, in seconds; a hint.
const POLL_AFTER_S: u64 = 1;
const CLIENT_REQUEST_ID: &str = "x-ms-client-request-id";

/// Answers a request that nothing kept from us.
pub(crate) async fn answer(
    desk: &Desk,
    asked: Asked<'_>,
    request: &Request,
    faults: &Faults,
) -> Reply {
    let answered = match check(request) {
        Err(refused) => Err(refused),
        Ok(()) if faults.is_busy(asked.operation()) => {
            Err(Refused::Busy(faults.retry_after_seconds.unwrap_or_default()))
        }
        Ok(()) => match asked {
            Asked::Send => send::send(desk, request, faults).await,
            Asked::Status(id) => status(desk, id),
        },
    };
    let mut reply = answered.unwrap_or_else(Reply::from);
    let id = request.header(CLIENT_REQUEST_ID).and_then(|id| HeaderValue::from_str(id).ok());
    reply.headers_mut().extend(id.map(|id| (http::HeaderName::from_static(CLIENT_REQUEST_ID), id)));
    reply
}

fn check(request: &Request) -> Result<(), Refused> {
    let version = request.parameter("api-version");
    match version.as_deref() {
        None => return Err(Refused::invalid("api-version must be in the query")),
        Some(version) if !VERSIONS.contains(&version) => {
            let why = format!("api-version {version:?} is none of {}", VERSIONS.join(", "));
            return Err(Refused::invalid(why));
        }
        Some(_) => {}
    }
    match request.header(CLIENT_REQUEST_ID).map(Uuid::parse_str) {
        Some(Err(_)) => Err(Refused::invalid("x-ms-client-request-id is a UUID")),
        _ => Ok(()),
    }
}

/// `GET /emails/operations/{operationId}`
fn status(desk: &Desk, id: &str) -> Result<Reply, Refused> {
    let id = Uuid::parse_str(id).map_err(|_| Refused::NoOperation)?;
    let found = desk.mailbox.with(|known, now| {
        let mail = known.by_operation(id).filter(|mail| !mail.is_forgotten)?;
        let state = mail.state(now);
        Some((mail.result(state), state))
    });
    let (result, state) = found.ok_or(Refused::NoOperation)?;
    let mut reply = reply::json(StatusCode::OK, &result);
    if !state.is_final() {
        reply.headers_mut().insert("retry-after", POLL_AFTER_S.into());
    }
    Ok(reply)
}
