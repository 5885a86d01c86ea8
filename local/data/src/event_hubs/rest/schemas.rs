//! The schema registry, which is at the same address as the event hubs of its namespace.

use std::sync::Arc;

use super::{Call, Reply, disturbance, reply};
use crate::{
    Service,
    event_hubs::{EventHubs, authorization, refusal::Refusal},
    faults::Asked,
    listen::HangUp,
    schema_registry::{self, Request},
};

/// What the paths of the registry begin with, in whichever case.
const FIRST: &str = "$schemagroups";

/// Whether it is the registry that is asked.
pub(super) fn are_asked(call: &Call) -> bool {
    call.segments.first().is_some_and(|name| name.eq_ignore_ascii_case(FIRST))
}

/// Answers a request to the registry.
pub(super) async fn answer(hubs: Arc<EventHubs>, call: Call) -> Result<Reply, HangUp> {
    let path = call.parts.uri.path();
    let asked = Asked {
        service: Service::EventHubs,
        method: &call.parts.method,
        path,
        is_query: path.ends_with(":get-id"),
    };
    let fault = hubs.faults.draw(&asked);
    if let Err(refusal) = authorization::check(call.header("authorization"), path, hubs.clock.now())
    {
        return Ok(refused(&refusal));
    }
    let work = async move {
        let names: Vec<&str> = call.segments.iter().skip(1).map(String::as_str).collect();
        hubs.schemas.answer(&Request {
            method: &call.parts.method,
            names: &names,
            api_version: call.query("api-version"),
            content_type: call.header("content-type").unwrap_or_default(),
            host: call.header("host").unwrap_or_default(),
            body: &call.body,
        })
    };
    disturbance::under(fault, refused, work).await
}

fn refused(refusal: &Refusal) -> Reply {
    schema_registry::refused(reply::status_of(refusal), &refusal.to_string())
}
