//! `/runtime/webhooks/<extension>?functionName=…`: where Event Grid delivers, to Event Grid and blob triggers.
//!
//! One gateway serves several apps: the first app that has the function gets the request; `&app=<name>` chooses another.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use hyper::body::Incoming;

use super::{Gateway, REQUEST_BODY_MAX_BYTES};
use crate::{
    http::{ReplyBody, body, reply},
    query::parameter,
    triggers::{
        AppTriggers, blob,
        event_grid::{self, WebhookReply, WebhookRequest},
    },
};

/// The prefix of a blob function's name in the query.
const BLOB_FUNCTION_PREFIX: &str = "Host.Functions.";

#[derive(Clone, Copy)]
enum Extension {
    EventGrid,
    Blobs,
}

pub(super) async fn answer(
    gateway: &Arc<Gateway>,
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    if gateway.keys.as_ref().is_some_and(|keys| !keys.admit_system(&request)) {
        return reply::empty(StatusCode::UNAUTHORIZED);
    }
    let Some(extension) = extension(request.uri().path()) else {
        return reply::empty(StatusCode::NOT_FOUND);
    };
    let query = request.uri().query().unwrap_or_default().to_owned();
    let Some(triggers) = owner(gateway, &query) else { return reply::empty(StatusCode::NOT_FOUND) };
    let (parts, sent) = request.into_parts();
    let body = match body::read(sent, REQUEST_BODY_MAX_BYTES).await {
        Ok(body) => body,
        Err(error) => return reply::text(error.status(), format!("{error}\n")),
    };
    let request = WebhookRequest {
        method: &parts.method,
        query: &query,
        headers: &parts.headers,
        body: &body,
    };
    let AppTriggers { runner, targets, .. } = triggers;
    to_response(match extension {
        Extension::EventGrid => event_grid::webhook(runner, targets, request).await,
        Extension::Blobs => blob::webhook(runner, targets, request).await,
    })
}

fn extension(path: &str) -> Option<Extension> {
    let mut segments = path.trim_matches('/').split('/').skip(1);
    if !segments.next()?.eq_ignore_ascii_case("webhooks") {
        return None;
    }
    match segments.next()?.to_ascii_lowercase().as_str() {
        "eventgrid" => Some(Extension::EventGrid),
        "blobs" => Some(Extension::Blobs),
        _ => None,
    }
}

/// The app that the query names, or the first with its function, or the first of all: that one says what is unknown.
fn owner<'a>(gateway: &'a Gateway, query: &str) -> Option<&'a AppTriggers> {
    if let Some(app) = parameter(query, "app") {
        return gateway.triggers.iter().find(|triggers| triggers.runner.app == app);
    }
    let name = parameter(query, "functionName").unwrap_or_default();
    let name = name.strip_prefix(BLOB_FUNCTION_PREFIX).unwrap_or(&name);
    let has_it =
        |triggers: &&AppTriggers| triggers.targets.iter().any(|target| target.name == name);
    gateway.triggers.iter().find(has_it).or_else(|| gateway.triggers.first())
}

fn to_response(answer: WebhookReply) -> Response<ReplyBody> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = reply::bytes(status, answer.body);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
